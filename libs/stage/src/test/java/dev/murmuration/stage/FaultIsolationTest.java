package dev.murmuration.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.murmuration.stage.commit.TransactionFailedException;
import dev.murmuration.stage.settings.SettingException;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.nio.file.FileSystemException;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class FaultIsolationTest {

    private static String isolated(Throwable failure) {
        return FaultIsolation.isolate(
                () -> {
                    switch (failure) {
                        case Exception e -> throw e;
                        case Error e -> throw e;
                        default -> throw new AssertionError(failure);
                    }
                },
                reason -> "refused: " + reason);
    }

    @Test
    void givesTheResultOfWorkThatDoesNotFail() {
        String result = FaultIsolation.isolate(() -> "done", reason -> "refused: " + reason);

        assertThat(result).isEqualTo("done");
    }

    @Test
    void refusesTheRecordThatCausedTheFailureWithTheReasonOfTheInnermostCause() {
        String result =
                FaultIsolation.isolate(() -> Long.toString(Instant.MAX.toEpochMilli()), reason -> "refused: " + reason);

        assertThat(result).matches("refused: ArithmeticException: long overflow \\(FaultIsolationTest\\.java:\\d+\\)");
    }

    @Test
    void blamesTheRecordForWhateverOnlyTheRecordCanCause() {
        List<Throwable> caused = List.of(
                new IllegalArgumentException("last modification time '-14182980' is too big"),
                new NullPointerException(),
                new IOException("bad marker"),
                new UncheckedIOException(new EOFException("cut off")),
                new ExecutionException(new IndexOutOfBoundsException(7)),
                new SerializationException("cannot encode"),
                new RecordTooLargeException("1,100,000 bytes"),
                new OutOfMemoryError("Java heap space"),
                new StackOverflowError());

        assertThat(caused)
                .allSatisfy(
                        failure -> assertThat(FaultIsolation.reason(failure)).isPresent());
    }

    @Test
    void blamesNoRecordForWhatTheNextOneWouldMeetAsWell() {
        List<Throwable> outside = List.of(
                new SettingException("s3.bucket", "b", "is too short"),
                new RuntimeException(new BrokerUnavailableException("no topics")),
                new TransactionFailedException("tweets", new IOException("x")),
                new KafkaException("closed"),
                new ProducerFencedException("another has its name"),
                new UncheckedIOException(new IOException("No space left on device")),
                new FileSystemException("/work", null, "read-only"),
                new IOException("No space left on device"),
                new ExecutionException(new ConnectException("refused")),
                new InterruptedException(),
                new CancellationException("stopped"),
                new NoClassDefFoundError("org/rocksdb/RocksDB"),
                new OutOfMemoryError("unable to create native thread"));

        assertThat(outside)
                .allSatisfy(
                        failure -> assertThat(FaultIsolation.reason(failure)).isEmpty());
    }

    @Test
    void throwsOnWhatNoRecordIsToBlameFor() {
        SettingException wrong = new SettingException("s3.bucket", "b", "is too short");

        assertThatThrownBy(() -> isolated(wrong)).isSameAs(wrong);
        assertThatThrownBy(() -> isolated(new NoClassDefFoundError("x"))).isInstanceOf(NoClassDefFoundError.class);
        assertThatThrownBy(() -> isolated(new FileSystemException("/work", null, "read-only")))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(FileSystemException.class);
    }

    @Test
    void keepsTheInterruptionOfItsThread() {
        assertThatThrownBy(() -> isolated(new InterruptedException())).isInstanceOf(CancellationException.class);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void blamesNoRecordWhenTheProbeFailsToo() {
        IllegalStateException broken = new IllegalStateException("the model is gone");

        assertThatThrownBy(() -> FaultIsolation.isolate(
                        () -> {
                            throw new IllegalStateException("cannot score");
                        },
                        reason -> reason,
                        () -> {
                            throw broken;
                        }))
                .isSameAs(broken);
    }

    @Test
    void aReasonIsOneLineOfBoundedLengthWithoutControlCharacters() {
        String reason =
                isolated(new IllegalArgumentException("a\u001b[2Jb\tc" + "d".repeat(100_000) + "\nsecond line"));

        assertThat(reason)
                .startsWith("refused: IllegalArgumentException: a\uFFFD[2Jb\uFFFDcddd")
                .hasSizeLessThan(320);
        assertThat(reason).doesNotContain("second line").endsWith(")");
    }
}
