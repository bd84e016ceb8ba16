package dev.murmuration.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VersionTest {

    @Test
    void namesTheBuildTheJdkAndLibtorch() {
        assertThat(Version.lines()).hasSize(3);
        assertThat(Version.lines().get(0))
                .matches("murmuration \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?(, commit \\w+(-dirty)?)?");
        assertThat(Version.lines().get(1)).startsWith("JDK " + Runtime.version() + ", ");
        assertThat(Version.lines().get(2)).matches("libtorch \\d+\\.\\d+\\.\\d+ by DJL \\d+\\.\\d+\\.\\d+");
    }
}
