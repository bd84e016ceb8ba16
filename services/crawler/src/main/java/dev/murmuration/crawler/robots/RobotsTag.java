package dev.murmuration.crawler.robots;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The header {@code X-Robots-Tag}: what a site asks of machines that read it. */
public final class RobotsTag {

    private RobotsTag() {}

    /**
     * Whether one of the headers asks us to stay away.
     *
     * @param headers values of {@code X-Robots-Tag}; each may begin with the name of the machine it speaks to
     * @param agent our name, in lower case
     * @param directives what we honour, in lower case
     */
    public static boolean forbids(List<String> headers, String agent, Set<String> directives) {
        for (String header : headers) {
            boolean toUs = true;
            for (String part : header.toLowerCase(Locale.ROOT).split(",", -1)) {
                int colon = part.indexOf(':');
                if (colon >= 0) {
                    toUs = part.substring(0, colon).strip().equals(agent);
                }
                if (toUs && directives.contains(part.substring(colon + 1).strip())) {
                    return true;
                }
            }
        }
        return false;
    }
}
