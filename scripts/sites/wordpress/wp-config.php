<?php
/* A WordPress of its own: database and address are those of this trial, and it asks nobody anything. */
$trial = json_decode( file_get_contents( __DIR__ . '/../trial.json' ), true );
define( 'DB_NAME', 'wordpress' );
define( 'DB_USER', 'root' );
define( 'DB_PASSWORD', '' );
define( 'DB_HOST', 'localhost:' . $trial['socket'] );
define( 'WP_HOME', $trial['home'] );
define( 'WP_SITEURL', $trial['home'] );
define( 'DISABLE_WP_CRON', true );
define( 'WP_HTTP_BLOCK_EXTERNAL', true );
define( 'WP_ACCESSIBLE_HOSTS', '127.0.0.1' );
$table_prefix = 'wp_';
require_once __DIR__ . '/wp-settings.php';
