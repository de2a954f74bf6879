<?php
/* Installs WordPress into an empty database, and writes what trial.json says as three people would; prints the number of each post by name. */
define( 'WP_INSTALLING', true );
$_SERVER['HTTP_HOST'] = '127.0.0.1';
$_SERVER['REQUEST_URI'] = '/';
require __DIR__ . '/www/wp-load.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';

/* A new site asks its own address whether it can write prettier ones: nobody answers yet. */
add_filter( 'pre_http_request', fn() => new WP_Error( 'offline' ) );
['user_id' => $administrator] = wp_install( 'A blog', 'teacher', 'teacher@example.org', false, '', 'not-a-secret' );
switch_theme( 'twentytwentythree' );
$author = wp_insert_user( array( 'user_login' => 'student', 'user_pass' => 'not-a-secret', 'role' => 'author' ) );

function post( int $user, string $content ): int {
	global $trial;
	wp_set_current_user( $user );
	kses_init();
	return wp_insert_post(
		wp_slash(
			array(
				'post_title'   => $trial['title'],
				'post_author'  => $user,
				'post_status'  => 'publish',
				'post_content' => "<!-- wp:paragraph --><p>{$trial['before']}</p><!-- /wp:paragraph -->\n\n$content\n\n<!-- wp:paragraph --><p>{$trial['after']}</p><!-- /wp:paragraph -->",
			)
		)
	);
}

$html = "<!-- wp:html -->\n{$trial['snippet']}\n<!-- /wp:html -->";
$link = '<!-- wp:embed {"url":"' . $trial['link'] . '"} --><figure class="wp-block-embed"><div class="wp-block-embed__wrapper">' . "\n{$trial['link']}\n" . '</div></figure><!-- /wp:embed -->';
echo json_encode(
	array(
		'teacher' => post( $administrator, $html ),
		'student' => post( $author, $html ),
		'link'    => post( $administrator, $link ),
	)
);
