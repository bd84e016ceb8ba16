package dev.murmuration.crawler.feed.live;

import dev.murmuration.crawler.feed.Json;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/**
 * Converts a status from HTML to the text that a person reads, with the line breaks of paragraphs, list items, headings, quotations and all
 * other blocks.
 */
final class StatusText {

    private static final Pattern MORE_THAN_AN_EMPTY_LINE = Pattern.compile("\n{3,}");

    private StatusText() {}

    static String of(String html) {
        StringBuilder text = new StringBuilder();
        Jsoup.parseBodyFragment(html).body().traverse(new NodeVisitor() {
            @Override
            public void head(Node node, int depth) {
                if (node instanceof TextNode words) {
                    text.append(words.getWholeText());
                } else if (node instanceof Element element && breaks(element)) {
                    text.append('\n');
                }
            }

            // Consecutive or nested starts of blocks break the line once.
            private boolean breaks(Element element) {
                boolean endsALine = text.isEmpty() || text.charAt(text.length() - 1) == '\n';
                return element.nameIs("br") || (element.isBlock() && !endsALine);
            }

            @Override
            public void tail(Node node, int depth) {
                if (node instanceof Element element && element.isBlock() && !element.nameIs("br")) {
                    text.append(element.nameIs("p") ? "\n\n" : "\n");
                }
            }
        });
        return Json.wellFormed(
                MORE_THAN_AN_EMPTY_LINE.matcher(text).replaceAll("\n\n").strip());
    }
}
