/** What sites ask of machines that read them: robots.txt, Content-Usage and X-Robots-Tag. */
@NullMarked
package dev.murmuration.crawler.robots;

import org.jspecify.annotations.NullMarked;
