package dev.murmuration.teacher.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TweetTextTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "@ana look at http://t.co/x|@user look at http",
                "@|@",
                "@ a|@ a",
                "@@|@user",
                "@ana,|@user",
                "(@ana)|(@ana)",
                "me@home|me@home",
                "http|http",
                "https://x.org|http",
                "httpfoo|http",
                "HTTP://X|HTTP://X",
                "htt|htt",
                "a  b|a  b",
                " @b | @user ",
                "a\u00a0@b|a\u00a0@b",
                "a\t@b|a\t@b",
                "@\u00e9t\u00e9 \ud83d\ude00|@user \ud83d\ude00",
            })
    void masksUsersAndLinksBetweenSingleSpaces(String text, String masked) {
        assertThat(TweetText.masked(text)).isEqualTo(masked);
    }

    @Test
    void leavesAnEmptyTextEmpty() {
        assertThat(TweetText.masked("")).isEmpty();
    }

    @Test
    void neverCutsASurrogatePairInHalf() {
        String text = "ab\ud83d\ude00c";

        assertThat(TweetText.limited(text, 2)).isEqualTo("ab");
        assertThat(TweetText.limited(text, 3)).isEqualTo("ab");
        assertThat(TweetText.limited(text, 4)).isEqualTo("ab\ud83d\ude00");
        assertThat(TweetText.limited(text, 5)).isEqualTo(text);
    }

    @Test
    void cutsALoneSurrogateLikeAnySign() {
        assertThat(TweetText.limited("ab\ud83dc", 3)).isEqualTo("ab\ud83d");
    }
}
