package dev.murmuration.filter;

import dev.murmuration.filter.duplicate.HashList;
import dev.murmuration.filter.duplicate.NearDuplicates;
import dev.murmuration.filter.settings.FilterSettings;
import dev.murmuration.stage.settings.SettingException;
import dev.murmuration.stage.store.Fetched;
import dev.murmuration.stage.store.ObjectStore;
import dev.murmuration.stage.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jboss.logging.Logger;

/**
 * Loads the photos that no data set may hold, once, before the first record: those of the registered benchmarks, from
 * {@code benchmarks/<name>/hashes.csv} in the object store, and those of a list of blocked hashes. A benchmark that comes later
 * is known after the next start.
 */
final class Benchmarks {

    private static final Logger LOG = Logger.getLogger(Benchmarks.class);
    private static final String PREFIX = "benchmarks/";
    private static final String HASHES = "/hashes.csv";
    private static final Duration PAUSE = Duration.ofMillis(250);

    private final ObjectStore store;
    private final FilterSettings settings;

    Benchmarks(ObjectStore store, FilterSettings settings) {
        this.store = store;
        this.settings = settings;
    }

    /** @throws SettingException if a named benchmark does not appear in time, or a list cannot be read */
    NearDuplicates load() {
        NearDuplicates photos = new NearDuplicates(settings.nearDuplicateDistance(), settings.nearDuplicateQuality());
        for (String name : names()) {
            add(photos, "filter.benchmarks", name, name, text(PREFIX + name + HASHES, name));
        }
        settings.blockedHashes().ifPresent(file -> add(photos, "filter.blocked-hashes", file, "blocked", read(file)));
        LOG.infof("%d photos of benchmarks and blocked lists are kept out of every data set", photos.size());
        return photos;
    }

    private Iterable<String> names() {
        Optional<List<String>> named = settings.benchmarks();
        if (named.isPresent()) {
            named.get().forEach(this::await);
            return named.get();
        }
        TreeSet<String> present = new TreeSet<>();
        TreeSet<String> unhashed = new TreeSet<>();
        for (StoredObject object : store.list(PREFIX)) {
            String path = object.key().substring(PREFIX.length());
            int slash = path.indexOf('/');
            if (path.substring(slash + 1).equals("index.csv")) {
                unhashed.add(path.substring(0, slash));
            } else if (path.substring(slash + 1).equals("hashes.csv")) {
                present.add(path.substring(0, slash));
            }
        }
        unhashed.removeAll(present);
        if (!unhashed.isEmpty()) {
            LOG.warnf("benchmarks %s have no hashes.csv: their photos can enter the data sets", unhashed);
        }
        return present;
    }

    private void await(String name) {
        long deadline = System.nanoTime() + settings.benchmarkWait().toNanos();
        while (!store.exists(PREFIX + name + HASHES)) {
            if (System.nanoTime() > deadline) {
                throw new SettingException(
                        "filter.benchmarks",
                        name,
                        "there is no %s in the object store after %s"
                                .formatted(PREFIX + name + HASHES, settings.benchmarkWait()));
            }
            try {
                Thread.sleep(PAUSE);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SettingException("filter.benchmarks", name, "stopped while waiting for it");
            }
        }
    }

    private String text(String key, String name) {
        return switch (store.get(key)) {
            case Fetched.Found<byte[]>(byte[] bytes) -> new String(bytes, StandardCharsets.UTF_8);
            case Fetched.Missing<byte[]> missing ->
                throw new SettingException("filter.benchmarks", name, key + " went away");
            case Fetched.Damaged<byte[]>(String detail) ->
                throw new SettingException("filter.benchmarks", name, detail);
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new SettingException("filter.blocked-hashes", file, "cannot be read: " + e);
        }
    }

    private static void add(NearDuplicates photos, String setting, Object value, String list, String csv) {
        try {
            for (HashList.Entry entry : HashList.parse(csv)) {
                photos.add(entry.hash(), entry.name().isEmpty() ? list : list + "/" + entry.name(), 1);
            }
        } catch (IllegalArgumentException e) {
            throw new SettingException(setting, value, String.valueOf(e.getMessage()));
        }
    }
}
