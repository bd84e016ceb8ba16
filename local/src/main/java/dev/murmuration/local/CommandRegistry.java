package dev.murmuration.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;

/** The list of all commands of {@code ./murmuration}, whichever program brings them. The script reads the same file. */
public final class CommandRegistry {

    private CommandRegistry() {}

    /**
     * A command.
     *
     * @param name as typed
     * @param program {@code local}, {@code filter}, {@code evaluator} or {@code script}
     * @param summary what it does, in a few words
     */
    public record Entry(String name, String program, String summary) {}

    /** Every command, in the order of the help. */
    public static List<Entry> entries() {
        try (InputStream list = Objects.requireNonNull(CommandRegistry.class.getResourceAsStream("commands.tsv"))) {
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .map(cells -> new Entry(cells[0], cells[1], cells[2]))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of the commands that a program brings. */
    public static List<String> commandsOf(String program) {
        return entries().stream()
                .filter(entry -> entry.program().equals(program))
                .map(Entry::name)
                .toList();
    }
}
