-- How an address that somebody pasted may be written here: as it is, and as parsers/urls.py would name
-- its page (small letters in the host, no tracking, slash, index file or device), with either scheme, and
-- with www. and slash or without, as pages are read.

CREATE MACRO page_addresses(address) AS
list_prepend(trim(address), flatten(flatten(list_transform(
    [regexp_extract(
        trim(address, E' \t\r\n<>"'''),
        '^(?:[hH][tT][tT][pP][sS]?:)?(?://)?(?:[^/?#@]*@)?([^/?#]*?)\.?(?::(?:80|443))?(/[^?#]*)?(?:\?([^#]*))?(#[!/].*|#.*)?$',
        ['host', 'path', 'query', 'fragment']
    )],
    lambda part: list_transform(
        ['https://', 'https://www.', 'http://', 'http://www.'],
        lambda beginning: list_transform(['', '/'], lambda slash:
            beginning
            || regexp_replace(lower(part.host), '^(?:(?:www|m|mobile|amp|wap|touch)\.)+([^.]+\.)', '\1')
            || regexp_replace(
                part.path, '(?i)(?:;(?:jsessionid|phpsessid|sid)=[^/;]*|/(?:index\.(?:html?|php|shtml|jsp)|default\.aspx?)|/amp|/)*$', ''
            )
            || slash
            || coalesce('?' || nullif(array_to_string(list_sort(list_filter(
                string_split(part.query, '&'),
                lambda pair: NOT regexp_full_match(split_part(pair, '=', 1),
                '(?i)(?:'
                || 'aspsessionid[^=&]*|at_custom[^=&]*|at_link_[^=&]*|bsft_[^=&]*|hsa_[^=&]*|'
                || 'itm_[^=&]*|matomo_[^=&]*|mtm_[^=&]*|outbrain_[^=&]*|piwik_[^=&]*|pk_[^=&]*|'
                || 'taboola_[^=&]*|utm_[^=&]*|vero_[^=&]*|wt\.mc_[^=&]*|wt\.rss_[^=&]*|\.tsrc|__hsfp|'
                || '__hssc|__hstc|__source|__twitter_impression|_branch_match_id|_branch_referrer|'
                || '_ga|_gac|_gid|_gl|_hsenc|_hsmi|_ke|_kx|_openstat|action_object_map|'
                || 'action_ref_map|action_type_map|amp_gsa|amp_js_v|amp_r|amp_tf|aoh|at_bbc_team|'
                || 'at_campaign|at_format|at_medium|at_ptr_name|awclid|cachebuster|campaign_id|'
                || 'cb_rand|cb_rec|cfid|cftoken|chash|ck_subscriber_id|cmp|cmpid|cndid|csi|cx_artpos|'
                || 'cx_testid|cx_testvariant|cxrecs_s|dclid|dicbo|dlbk|dm_i|dm_t|dtmref|emc|eminfo|'
                || 'epik|fb_action_ids|fb_action_types|fb_comment_id|fb_ref|fb_source|fbclid|'
                || 'feature_share|feed_id_source|feeditemid|feedname|feedtype|from_rss|fromrss|ftag|'
                || 'ftcamp|ga_campaign|ga_content|ga_medium|ga_source|ga_term|gbraid|gclid|gclsrc|'
                || 'gs_l|guccounter|guce_referrer|guce_referrer_sig|hsctatracking|icid|icmp|igsh|'
                || 'igshid|inid|int_cmp|intcmp|irclickid|itid|jsessionid|li_fat_id|linkid_source|'
                || 'maca|mbid|mc_cid|mc_eid|mibextid|mkt_tok|ml_subscriber|ml_subscriber_hash|'
                || 'msclkid|n_cid|ncid|nlid|no_cache|nocache|ns_campaign|ns_fee|ns_linkname|'
                || 'ns_mchannel|ns_referer|ns_source|obclid|oborigurl|ocid|oly_anon_id|oly_enc_id|'
                || 'oscsid|partner_source|phpsessid|rb_clickid|rdt_cid|recommid|ref_source|ref_src|'
                || 'ref_url|referer|referrer|regi_id|rss_feed_source|rss_source|rssfeed|s_kwcid|'
                || 'sailthru_id|sc_campaign|sc_channel|sc_cmp|sc_llid|sccid|scm|segment_id|'
                || 'session_id|sessionid|share_id|sharetype|smid|smprod|smtyp|socialshare|spjobid|'
                || 'spm|spmailingid|spreportid|spuserid|sr_share|srnd|srsltid|ss_email_id|tblci|'
                || 'tc_eh|traffic_campaign|traffic_medium|traffic_source|triedredirect|trk|'
                || 'trkcampaign|ttclid|twclid|user_email|usqp|utmcampaign|utmmedium|utmsource|ved|'
                || 'wbraid|wickedid|wickedsource|wt\.tsrc|wt_mc|wt_mc_o|wt_zmc|wtrid|xtor|yclid|'
                || 'ymclid|zanpid|zenid'
                || ')?')
            )), '&'), ''), '')
            || CASE WHEN regexp_matches(part.fragment, '^#[!/]') THEN part.fragment ELSE '' END
        )
    )
))));

-- not on DuckLake: it has comments on tables, their columns and views only.

COMMENT ON MACRO page_addresses IS 'page_addresses(address): how the page of an address may be written in articles; story() and diff() look for all of them.';
