"""WebSub (W3C Recommendation, 2018): feeds that tell when they have something new."""
