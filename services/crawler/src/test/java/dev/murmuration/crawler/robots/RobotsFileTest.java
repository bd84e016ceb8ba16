package dev.murmuration.crawler.robots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RobotsFileTest {

    private static final String DRAFT = """
            User-Agent: *
            Allow: /
            Disallow: /never/
            Content-Usage: train-ai=n
            Content-Usage: /ai-ok/ train-ai=y

            User-Agent: ExampleBot
            Allow: /
            Content-Usage: train-ai=y
            """;

    /** The table of draft-ietf-aipref-attach-05, section 3.4. */
    @ParameterizedTest
    @CsvSource({
        "murmuration, /test, USAGE_DISALLOWED",
        "murmuration, /never/test, DISALLOWED",
        "murmuration, /ai-ok/test, ALLOWED",
        "ExampleBot, /test, ALLOWED",
        "ExampleBot, /never/test, ALLOWED"
    })
    void answersAsTheExampleOfTheDraft(String agent, String path, RobotsAnswer answer) {
        assertThat(parse(DRAFT, agent).answer(path)).isEqualTo(answer);
    }

    /** RFC 9309, sections 2.2.2, 2.2.3 and 5.2. */
    @ParameterizedTest
    @CsvSource({
        "/example/page/, DISALLOWED",
        "/example/page/disallowed.gif, DISALLOWED",
        "/example/page/allowed.gif, ALLOWED",
        "/same, ALLOWED",
        "/a/photo.gif, DISALLOWED",
        "/a/photo.gif?x, ALLOWED",
        "/elsewhere, ALLOWED"
    })
    void theLongestMatchDecidesAndAllowWinsTies(String path, RobotsAnswer answer) {
        String text = """
                User-agent: murmuration
                Allow: /example/page/allowed.gif
                Disallow: /example/page/
                Disallow: /same
                Allow: /same
                Disallow: /*.gif$
                """;

        assertThat(parse(text, "murmuration").answer(path)).isEqualTo(answer);
    }

    @Test
    void ourGroupTakesPrecedenceOverTheOneForAll() {
        String text = "User-agent: *\nDisallow: /\n\nUser-agent: other\nUser-agent: Murmuration\nDisallow: /a\n";

        assertThat(parse(text, "murmuration/1.0").answer("/b")).isEqualTo(RobotsAnswer.ALLOWED);
        assertThat(parse(text, "murmuration/1.0").answer("/a")).isEqualTo(RobotsAnswer.DISALLOWED);
    }

    @Test
    void usageOfAnotherGroupIsNotOurs() {
        String text = "User-agent: other\nDisallow: /x\nUser-agent: *\nContent-Usage: train-ai=n\n";

        assertThat(parse(text, "other").answer("/a")).isEqualTo(RobotsAnswer.ALLOWED);
        assertThat(parse(text, "murmuration").answer("/a")).isEqualTo(RobotsAnswer.USAGE_DISALLOWED);
    }

    @Test
    void ofConflictingUsagesTheMoreRestrictiveHolds() {
        String text = "User-agent: *\nContent-Usage: /a train-ai=n\nContent-Usage: /a train-ai=y # sure\n";

        assertThat(parse(text, "murmuration").answer("/a/1.jpg")).isEqualTo(RobotsAnswer.USAGE_DISALLOWED);
        assertThat(parse(text, "murmuration").answer("/b/1.jpg")).isEqualTo(RobotsAnswer.ALLOWED);
    }

    @Test
    void aPageInsteadOfAFileAllowsEverything() {
        assertThat(parse("<!DOCTYPE html><html><body>Not found</body></html>", "murmuration")
                        .answer("/a"))
                .isEqualTo(RobotsAnswer.ALLOWED);
        assertThat(parse("", "murmuration").answer("/a")).isEqualTo(RobotsAnswer.ALLOWED);
    }

    private static RobotsFile parse(String text, String agent) {
        return RobotsFile.parse(text.getBytes(UTF_8), agent, List.of("train-ai"));
    }
}
