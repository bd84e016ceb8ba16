package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Links of the documents lead to files, headings and methods that exist, prose is at most 140 columns wide, packages are small. */
class DocumentsTest {

    private static final int WIDTH = 140;

    /** Build outputs and what other tools keep in the folder. */
    private static final Set<String> NOT_OURS = Set.of("target", "node_modules", ".git");

    private static final Pattern LINK = Pattern.compile("\\[([^\\[\\]]*)]\\(([^()\\s]+)\\)(?:`\\.(\\w+)`)?");
    private static final Pattern FENCE = Pattern.compile("(?ms)^\\s*```.*?^\\s*```\\s*$");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern TARGET = Pattern.compile("]\\([^()\\s]+\\)|https?://\\S+");
    private static final Pattern COMMENT = Pattern.compile("\\s*(?:/\\*|\\*|//).*");

    @Test
    void everyLinkLeadsToAFileAHeadingAndAMethodThatExist() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path page : files(".md")) {
            // The head of a page is read where that page is.
            Path place = page.endsWith("settings.head.md") ? Repository.path(SettingsTable.PATH) : page;
            String text = FENCE.matcher(Repository.text(page)).replaceAll("");
            Matcher links = LINK.matcher(text);
            while (links.find()) {
                if (!links.group(2).matches("[a-z]+:.*") && !leads(place, links)) {
                    broken.add(relative(page) + ": " + links.group());
                }
            }
        }

        assertThat(broken).isEmpty();
    }

    @Test
    void everyStepOfTheWalkNamesAMethod() {
        List<String> steps = Repository.text("ARCHITECTURE.md")
                .lines()
                .filter(line -> line.matches("\\|[^|]*\\| \\d+\\. .*"))
                .toList();

        assertThat(steps).hasSizeGreaterThan(10).allMatch(step -> step.matches(".*\\.java\\)`\\.\\w+`.*"));
    }

    @Test
    void aPackageHasAtMost20Classes() throws IOException {
        Map<Path, Long> classes = files(".java").stream()
                .filter(file -> file.toString().contains("/src/main/java/") && !file.endsWith("package-info.java"))
                .collect(Collectors.groupingBy(file -> relative(file).getParent(), Collectors.counting()));

        assertThat(classes)
                .hasSizeGreaterThan(50)
                .allSatisfy((folder, count) -> assertThat(count).isLessThanOrEqualTo(20));
    }

    @Test
    void decisionsAreNumberedWithoutAGap() {
        List<Path> decisions = Repository.files("docs/adr", ".md");

        for (int i = 0; i < decisions.size(); i++) {
            assertThat(decisions.get(i).getFileName().toString()).startsWith("%04d-".formatted(i + 1));
        }
    }

    @Test
    void proseIsAtMost140ColumnsWide() throws IOException {
        List<String> wide = new ArrayList<>();
        for (Path page : files(".md")) {
            String text = FENCE.matcher(Repository.text(page)).replaceAll("");
            text.lines().filter(DocumentsTest::isWide).forEach(line -> wide.add(relative(page) + ": " + line));
        }
        for (Path source : files(".java")) {
            Repository.text(source)
                    .lines()
                    .filter(line ->
                            line.length() > WIDTH && COMMENT.matcher(line).matches())
                    .forEach(line -> wide.add(relative(source) + ": " + line.strip()));
        }

        assertThat(wide).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "Where it runs, where-it-runs",
        "`demo`: what it shows, demo-what-it-shows",
        "A [link](to/it.md) within, a-link-within"
    })
    void anchorsAreThoseOfGitHub(String heading, String anchor) {
        assertThat(anchor(heading)).isEqualTo(anchor);
    }

    private static boolean leads(Path page, Matcher link) {
        String[] target = link.group(2).split("#", 2);
        Path file = target[0].isEmpty()
                ? page
                : page.resolveSibling(target[0].replaceFirst("/$", "")).normalize();
        if (!Files.exists(file)) {
            return false;
        }
        if (target.length == 2 && !anchors(file).contains(target[1])) {
            return false;
        }
        if (!file.toString().endsWith(".java")) {
            return true;
        }
        String named = link.group(1).replace("`", "");
        return file.getFileName().toString().equals(named + ".java")
                && (link.group(3) == null
                        || Pattern.compile("\\b" + link.group(3) + "\\(")
                                .matcher(Repository.text(file))
                                .find());
    }

    private static Set<String> anchors(Path page) {
        Set<String> anchors = new TreeSet<>();
        Matcher headings = HEADING.matcher(FENCE.matcher(Repository.text(page)).replaceAll(""));
        while (headings.find()) {
            anchors.add(anchor(headings.group(1)));
        }
        return anchors;
    }

    private static String anchor(String heading) {
        return heading.replaceAll("]\\([^()]*\\)", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }

    /** Tables and whatever links make wide may be. */
    private static boolean isWide(String line) {
        return !line.startsWith("|") && TARGET.matcher(line).replaceAll("").length() > WIDTH;
    }

    private static List<Path> files(String ending) throws IOException {
        List<Path> found = new ArrayList<>();
        Path root = Repository.path("");
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
                boolean isOurs =
                        !NOT_OURS.contains(folder.getFileName().toString()) && !folder.equals(root.resolve("run"));
                return isOurs ? FileVisitResult.CONTINUE : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.toString().endsWith(ending)) {
                    found.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return found;
    }

    private static Path relative(Path file) {
        return Repository.path("").relativize(file);
    }
}
