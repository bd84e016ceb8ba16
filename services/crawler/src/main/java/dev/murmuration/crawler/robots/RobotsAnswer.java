package dev.murmuration.crawler.robots;

/** What a site says about one of its addresses. */
public enum RobotsAnswer {
    /** It may be fetched and used. */
    ALLOWED,
    /** A rule of robots.txt disallows fetching it. */
    DISALLOWED,
    /** It may be fetched, but a Content-Usage rule of robots.txt disallows our use. */
    USAGE_DISALLOWED,
    /** The site has a robots.txt that cannot be read, which RFC 9309 counts as disallowed for a time. */
    UNREACHABLE
}
