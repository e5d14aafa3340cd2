"""Bytes and text in, records out: no network, no clock, no database, no Prefect."""
