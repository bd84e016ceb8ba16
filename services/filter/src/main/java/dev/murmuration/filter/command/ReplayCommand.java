package dev.murmuration.filter.command;

import dev.murmuration.filter.pipeline.CommandException;
import dev.murmuration.filter.pipeline.Pipeline;
import dev.murmuration.schemas.DeadLetter;
import dev.murmuration.schemas.Topics;
import dev.murmuration.shard.Redactions;
import dev.murmuration.shard.SampleKey;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code replay-dead-letters}: sends dead letters to their topics again, each once, after their cause is gone. */
@Command(
        name = "replay-dead-letters",
        description =
                "Puts the dead letters of a service back on the topics and partitions where it read them, each once.",
        mixinStandardHelpOptions = true)
final class ReplayCommand implements Callable<Integer> {

    private static final String GROUP = "replay-dead-letters-";
    private static final String DELETED = "its tweet was deleted";
    private static final String UNKNOWN = "the value or where it was read is unknown: ";

    @Parameters(index = "0", paramLabel = "SERVICE", description = "crawler, teacher, filter, trainer or evaluator.")
    private String service = "";

    @Option(names = "--dry-run", description = "Only tells what it would do.")
    private boolean isDry;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        if (!Topics.SERVICES.contains(service)) {
            throw new CommandException("there is no service %s, only %s".formatted(service, Topics.SERVICES));
        }
        String topic = Topics.deadLetters(service).name();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        Map<String, Integer> kept = new TreeMap<>();
        Map<String, Integer> reasons = new TreeMap<>();
        try (Pipeline connected = Commands.connect(spec)) {
            Map<Integer, Long> from = connected.committed(GROUP + service, topic);
            Map<Integer, Long> to = new HashMap<>(from);
            Redactions redacted = connected.redactions();
            connected.read(topic, from, letter -> {
                boolean isDeleted = letter.key() != null
                        && redacted.contains(SampleKey.of(new String(letter.key(), StandardCharsets.UTF_8), 0)
                                .toString());
                Optional<ProducerRecord<byte[], byte[]>> record =
                        isDeleted ? Optional.empty() : DeadLetter.replay(service, letter);
                record.ifPresentOrElse(
                        records::add,
                        () -> kept.merge(isDeleted ? DELETED : UNKNOWN + reason(letter), 1, Integer::sum));
                record.ifPresent(put -> reasons.merge(put.topic() + ": " + reason(letter), 1, Integer::sum));
                to.put(letter.partition(), letter.offset() + 1);
            });
            if (!isDry && !records.isEmpty()) {
                connected.commit(GROUP + service, topic, from, to, records);
            }
        }
        PrintWriter out = spec.commandLine().getOut();
        out.printf("%,d letters %s%n", records.size(), isDry ? "would be put back" : "put back");
        reasons.forEach((reason, count) -> out.printf("%,10d  %s%n", count, reason));
        kept.forEach((reason, count) -> out.printf("%,10d  left, since %s%n", count, reason));
        out.flush();
        return 0;
    }

    private static String reason(ConsumerRecord<byte[], byte[]> letter) {
        Header reason = letter.headers().lastHeader(DeadLetter.REASON);
        return reason == null ? "without a reason" : new String(reason.value(), StandardCharsets.UTF_8);
    }
}
