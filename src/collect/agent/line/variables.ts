/**
 * What a value of a log's column can be: `number` and `word` have no blank in them; `list` is words with `, ` or ` : ` between them, as nginx writes
 * the addresses and times of several servers and as proxies write X-Forwarded-For; `request` ends with its protocol; `clock` is
 * `17/May/2015:10:05:03 +0900`; `free` is anything.
 */
export type ValueForm = 'number' | 'word' | 'list' | 'request' | 'clock' | 'free';

/** Variables of nginx whose values are numbers, or a dash. */
const numbers = new Set(
  `body_bytes_sent bytes_sent connection connection_requests connection_time connections_active gzip_ratio msec pid proxy_port
  proxy_protocol_port proxy_protocol_server_port realip_remote_port remote_port request_length request_time server_port
  status`.split(/\s+/),
);

/** Others whose values have no blanks. */
const words = new Set(
  `content_length host hostname http_host http2 http3 https is_args limit_conn_status limit_rate limit_req_status nginx_version
  pipe proxy_protocol_addr proxy_protocol_server_addr realip_remote_addr remote_addr request_completion request_id
  request_method scheme server_addr server_name server_protocol ssl_cipher ssl_curve ssl_protocol ssl_server_name
  ssl_session_id ssl_session_reused tcpinfo_rcv_space tcpinfo_rtt tcpinfo_rttvar tcpinfo_snd_cwnd time_iso8601
  upstream_cache_status`.split(/\s+/),
);

/** Those with a value for each server that was asked, or each proxy that a request came through. */
const lists =
  /^(?:upstream_(?:addr|status|(?:bytes|connect|first_byte|header|queue|response|session)_\w+)|(?:http|proxy_add)_x_forwarded_for)$/;

/** What the values of a variable of nginx can be, by its name. */
export function formOf(name: string): ValueForm {
  if (numbers.has(name)) return 'number';
  if (words.has(name)) return 'word';
  if (name === 'request') return 'request';
  if (name === 'time_local') return 'clock';
  return lists.test(name) ? 'list' : 'free';
}
