# What Canvas leaves of a page's HTML: the Sanitize gem, which it uses, with as much of its list as a frame and a link need (gems/canvas_sanitize).
require 'sanitize'

FRAME = %w[src width height name align frameborder scrolling sandbox allowfullscreen].freeze

puts Sanitize.fragment(
  File.read(ARGV[0]),
  elements: %w[p a iframe],
  attributes: { :all => %w[style class id title lang dir], 'a' => %w[href target name], 'iframe' => FRAME },
  protocols: { 'a' => { 'href' => ['http', 'https', :relative] }, 'iframe' => { 'src' => ['http', 'https', :relative] } },
  css: { properties: %w[border width height] }
)
