package dev.murmuration.crawler.robots;

import static java.nio.charset.StandardCharsets.UTF_8;

import crawlercommons.robots.SimpleRobotRules;
import crawlercommons.robots.SimpleRobotRulesParser;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The rules of one robots.txt for us: which addresses may be fetched (RFC 9309: the longest matching rule decides, allow before
 * disallow), and for which of them a Content-Usage rule disallows our use (draft-ietf-aipref-attach-05, by the same matching, but
 * disallow before allow). Thread-safe.
 */
final class RobotsFile {

    private static final Pattern LINE = Pattern.compile("[ \\t]*([A-Za-z-]+)[ \\t]*:[ \\t]*([^#]*)");
    private static final Pattern PRODUCT = Pattern.compile("[A-Za-z_-]+");
    private static final String HOST = "http://site.invalid";
    // Ends the list of agents of a group and matches no path that is encoded as it should be.
    private static final String RULE_WITHOUT_EFFECT = "Allow: /%00\n";

    private final SimpleRobotRules access;
    private final SimpleRobotRules usage;

    private RobotsFile(SimpleRobotRules access, SimpleRobotRules usage) {
        this.access = access;
        this.usage = usage;
    }

    /**
     * Parses the file.
     *
     * @param agent our name; its product token is what groups are matched with
     * @param labels of {@link ContentUsage#disallows}
     */
    static RobotsFile parse(byte[] content, String agent, List<String> labels) {
        Set<String> names = Set.of(product(agent));
        SimpleRobotRulesParser parser = new SimpleRobotRulesParser();
        String text = new String(content, UTF_8);
        byte[] usage = usageRules(text, labels).getBytes(UTF_8);
        return new RobotsFile(
                parser.parseContent(HOST + "/robots.txt", content, "text/plain", names),
                parser.parseContent(HOST + "/robots.txt", usage, "text/plain", names));
    }

    /** The answer for an address of this site, from its path on, encoded. */
    RobotsAnswer answer(String path) {
        // The host has no say in the matching; ours spares a parse of whatever the stranger's looks like.
        if (!access.isAllowed(HOST + path)) {
            return RobotsAnswer.DISALLOWED;
        }
        return usage.isAllowed(HOST + path) ? RobotsAnswer.ALLOWED : RobotsAnswer.USAGE_DISALLOWED;
    }

    private static String product(String agent) {
        Matcher product = PRODUCT.matcher(agent);
        return product.lookingAt() ? product.group().toLowerCase(Locale.ROOT) : "murmuration";
    }

    // The same groups with their Content-Usage rules as rules of access, so that one matcher serves both.
    static String usageRules(String text, List<String> labels) {
        StringBuilder rewritten = new StringBuilder();
        Map<String, Boolean> disallowed = new LinkedHashMap<>();
        for (String line : text.replace("\uFEFF", "").lines().toList()) {
            Matcher parts = LINE.matcher(line);
            if (!parts.lookingAt()) {
                continue;
            }
            String value = parts.group(2).strip();
            switch (parts.group(1).toLowerCase(Locale.ROOT)) {
                case "user-agent" -> {
                    flush(disallowed, rewritten);
                    rewritten.append("User-agent: ").append(value).append('\n');
                }
                case "content-usage" -> {
                    boolean hasPath = value.startsWith("/");
                    String[] pathAndUsage = value.split("[ \\t]+", 2);
                    String usage = hasPath ? (pathAndUsage.length == 2 ? pathAndUsage[1] : "") : value;
                    disallowed.merge(
                            hasPath ? pathAndUsage[0] : "/", ContentUsage.disallows(usage, labels), Boolean::logicalOr);
                }
                case "allow", "disallow" -> rewritten.append(RULE_WITHOUT_EFFECT);
                default -> {}
            }
        }
        flush(disallowed, rewritten);
        return rewritten.toString();
    }

    private static void flush(Map<String, Boolean> disallowed, StringBuilder rewritten) {
        disallowed.forEach((path, isDisallowed) -> rewritten
                .append(isDisallowed ? "Disallow: " : "Allow: ")
                .append(path)
                .append('\n'));
        disallowed.clear();
    }
}
