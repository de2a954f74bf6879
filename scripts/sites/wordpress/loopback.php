<?php
/* WordPress takes links to this machine for an attack; here the site that a link leads to is on it. */
add_filter( 'http_request_host_is_external', '__return_true' );
add_filter( 'http_allowed_safe_ports', fn( $ports, $host, $url ) => array( ...$ports, wp_parse_url( $url, PHP_URL_PORT ) ), 10, 3 );
add_filter( 'pre_wp_mail', '__return_true' );
