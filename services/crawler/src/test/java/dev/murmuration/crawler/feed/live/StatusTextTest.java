package dev.murmuration.crawler.feed.live;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StatusTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<ul><li>lovely</li><li>sunny</li><li>day</li></ul> | lovely/sunny/day",
                "<blockquote>He said no</blockquote><p>I say yes</p> | He said no/I say yes",
                "<h1>Great</h1><p>news</p><pre><code>a</code></pre>end | Great/news/a/end",
                "before<div>one</div><div>two</div>after | before/one/two/after",
                "<table><tr><td>a</td><td>b</td></tr></table> | a/b",
                "one<br>two<br/>three | one/two/three",
                "<p>Tom &amp; <b>An</b>n</p> | Tom & Ann",
                "<p>see <span class=invisible>https://</span><span>x.test</span></p> | see https://x.test"
            })
    void everyBlockBreaksTheLineAndNothingElseDoes(String html, String lines) {
        assertThat(StatusText.of(html).replaceAll("\\s*\n\\s*", "/")).isEqualTo(lines);
    }

    @Test
    void paragraphsAreAnEmptyLineApartAndOtherBlocksALine() {
        assertThat(StatusText.of("<ul><li>a</li><li>b</li></ul>")).isEqualTo("a\nb");
        assertThat(StatusText.of("<p>a</p><p>b</p>\n\n<ul><li>c</li></ul>")).isEqualTo("a\n\nb\n\nc");
    }

    @Test
    void halvesOfSurrogatePairsAreReplaced() {
        assertThat(StatusText.of("<p>a&#xD83D;b</p>")).isEqualTo("a\ufffdb");
    }

    @Test
    void manyElementsAndDeepOnesTakeNoMoreTimeThanTheirNumber() {
        assertThat(StatusText.of("a<br>".repeat(60_000))).hasLineCount(60_000);
        assertThat(StatusText.of("<div>".repeat(50_000) + "deep")).isEqualTo("deep");
    }
}
