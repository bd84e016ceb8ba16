package dev.murmuration.crawler.robots;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.murmuration.crawler.feed.HandClock;
import dev.murmuration.crawler.robots.RobotsFiles.Response;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RobotsFilesTest {

    private static final String SITE = "https://photos.test:443";

    private final HandClock clock = new HandClock();
    private final List<String> asked = new ArrayList<>();
    private Response response = new Response.None();
    private final RobotsFiles files = new RobotsFiles(
            origin -> {
                asked.add(origin);
                return response;
            },
            "murmuration",
            List.of("train-ai"),
            RobotsFiles.Limits.standard(),
            clock);

    @Test
    void aSiteWithoutAFileAllowsEverything() throws Exception {
        assertThat(files.answer(SITE, "/a")).isEqualTo(RobotsAnswer.ALLOWED);
    }

    @Test
    void aFileIsReadOnceADay() throws Exception {
        response = found("User-agent: *\nDisallow: /a");
        assertThat(files.answer(SITE, "/a")).isEqualTo(RobotsAnswer.DISALLOWED);
        response = new Response.None();
        clock.pass(Duration.ofHours(24).minusMillis(1));

        assertThat(files.answer(SITE, "/a")).isEqualTo(RobotsAnswer.DISALLOWED);
        clock.pass(Duration.ofMillis(1));
        assertThat(files.answer(SITE, "/a")).isEqualTo(RobotsAnswer.ALLOWED);
        assertThat(asked).hasSize(2);
    }

    @Test
    void aSiteThatCannotBeReachedAllowsNothingForAMonth() throws Exception {
        response = new Response.Unreachable();
        assertThat(files.answer(SITE, "/a")).isEqualTo(RobotsAnswer.UNREACHABLE);
        clock.pass(Duration.ofMinutes(10).minusMillis(1));
        assertThat(files.answer(SITE, "/a")).isEqualTo(RobotsAnswer.UNREACHABLE);
        assertThat(asked).hasSize(1);
        clock.pass(Duration.ofDays(30).minus(Duration.ofMinutes(10)));
        assertThat(files.answer(SITE, "/a")).isEqualTo(RobotsAnswer.UNREACHABLE);

        clock.pass(Duration.ofMinutes(10));

        assertThat(files.answer(SITE, "/a")).isEqualTo(RobotsAnswer.ALLOWED);
        assertThat(asked).hasSize(3);
    }

    @Test
    void whatTheLastFileSaidHoldsWhileTheSiteCannotBeReached() throws Exception {
        response = found("User-agent: *\nDisallow: /a");
        files.answer(SITE, "/a");
        response = new Response.Unreachable();
        clock.pass(Duration.ofHours(24));

        assertThat(files.answer(SITE, "/a")).isEqualTo(RobotsAnswer.DISALLOWED);
        assertThat(files.answer(SITE, "/b")).isEqualTo(RobotsAnswer.ALLOWED);
    }

    @Test
    void forgetsSitesOnceTheirFilesAreTooManyBytes() throws Exception {
        response = new Response.Found(("User-agent: *\nDisallow: /a\n#" + "x".repeat(500_000)).getBytes(UTF_8));
        for (int i = 0; i < 100; i++) {
            files.answer("https://%d.test:443".formatted(i), "/a");
        }

        assertThat(files.sites()).isEqualTo((32 << 20) / 500_028);
        files.answer("https://99.test:443", "/a");
        assertThat(asked).hasSize(100);
        files.answer("https://0.test:443", "/a");
        assertThat(asked).hasSize(101);
    }

    private static Response found(String text) {
        return new Response.Found(text.getBytes(UTF_8));
    }
}
