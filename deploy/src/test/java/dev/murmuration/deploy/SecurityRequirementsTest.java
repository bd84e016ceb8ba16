package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SecurityRequirementsTest {

    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z]+(?:Test|IT))`");
    private static final Set<String> NOT_OURS = Set.of("target", ".git");

    @Test
    void everyTestThatTheTableNamesExists() throws IOException {
        Set<String> named = TEST.matcher(Repository.text("docs/security-requirements.md"))
                .results()
                .map((MatchResult match) -> match.group(1) + ".java")
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> existing = new TreeSet<>();
        Files.walkFileTree(Repository.path("."), new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                return NOT_OURS.contains(String.valueOf(folder.getFileName()))
                        ? FileVisitResult.SKIP_SUBTREE
                        : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                existing.add(String.valueOf(file.getFileName()));
                return FileVisitResult.CONTINUE;
            }
        });

        assertThat(named).hasSizeGreaterThan(30);
        assertThat(existing).containsAll(named);
    }
}
