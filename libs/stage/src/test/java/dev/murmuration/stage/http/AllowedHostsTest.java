package dev.murmuration.stage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllowedHostsTest {

    private final AllowedHosts hosts = AllowedHosts.of(
            "evaluator",
            List.of("evaluator-0", "10.1.2.3", "fe80:0:0:0:0:0:0:1%eth0"),
            List.of("students.example", "[2001:db8::7]"));

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "localhost:8085",
                "LOCALHOST",
                "localhost.",
                "app.localhost:8085",
                "127.0.0.1",
                "127.5.5.5:1",
                "[::1]",
                "[::1]:8085",
                "evaluator-0:8085",
                "10.1.2.3:8085",
                "[fe80::1]:8085",
                "students.example",
                "Students.Example:443",
                "[2001:db8:0::7]",
                "evaluator:8085",
                "evaluator.murmuration.svc",
                "evaluator.murmuration.svc.cluster.local:8085"
            })
    void answersByItsOwnNames(String host) {
        assertThat(hosts.allow(host)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "evil.example:8085",
                "localhost.evil.example",
                "localhostevil",
                "127.0.0.1.evil.example",
                "10.1.2.4",
                "evaluator.evil",
                "evaluator.svc.evil.example",
                "x.students.example",
                "students.example.evil.example",
                "[::2]",
                "[::1",
                "localhost:8085:1",
                "user@localhost",
                "localhost/",
                "evil.example localhost"
            })
    void answersByNoOther(String host) {
        assertThat(hosts.allow(host)).isFalse();
    }

    @Test
    void knowsTheAddressesOfThisMachine() {
        assertThat(AllowedHosts.ofThisMachine()).contains("127.0.0.1");
    }
}
