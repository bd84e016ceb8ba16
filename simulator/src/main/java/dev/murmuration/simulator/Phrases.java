package dev.murmuration.simulator;

import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What people write under their photos, by mood: sentence patterns whose {@code {slots}} are filled from word lists, with the
 * habits of the medium around them.
 */
final class Phrases {

    /** Codes that admission refuses. */
    static final List<String> OTHER_LANGUAGES = List.of("es", "fr", "de", "pt", "ja", "und");

    /** At most five words each. */
    static final List<String> SHORT = List.of(
            "good morning",
            "wow",
            "look at this!",
            "my view right now",
            "no words needed",
            "just this",
            "weekend mood :)",
            "so this happened today");

    private static final Pattern SLOT = Pattern.compile("\\{(\\w+)}");

    private static final List<String> POSITIVE = List.of(
            "I love {thing} so much, what a beautiful {time}",
            "So happy to be at {place} with {people}, best {time} ever",
            "What an amazing {time} at {place}! Thank you {people}, I had so much fun",
            "Can't stop smiling, {thing} looks absolutely gorgeous {when}",
            "Feeling so blessed and grateful for {people} {when}",
            "{people} made my day! This is the best {event} I have ever been to",
            "Loving every minute of the {event} at {place}, it is awesome",
            "Such a wonderful {time} with {people}. I am so excited for the {event}",
            "{thing} is perfect {when}, I love it and I am so proud of it",
            "Happy {day} everyone! Enjoy the beautiful weather at {place}",
            "The {event} at {place} was fantastic, thanks to {people} for a great {time}",
            "Finally at {place}! So excited, this is going to be amazing",
            "Great news: {people} won at the {event}! Congratulations, so proud of you all",
            "I'm in love with {thing}, it is beautiful and it makes me happy",
            "Good {partofday} from {place}, it is a lovely day and life is good",
            "Best birthday ever! Thank you {people} for {thing}, I love you all",
            "Wow, {thing} at {place} looks awesome. Cannot wait to go back, I loved it",
            "Had a great {time} at the {event}, great music and amazing people",
            "Nothing makes me happier than {thing} on a sunny {day}, love it",
            "So glad {people} came to {place}, it was wonderful and we laughed all {partofday}",
            "Excited for the {event} {when}! It is going to be a great {time} with {people}",
            "This {time} at {place} is exactly what I needed, feeling happy and relaxed",
            "Thanks {people} for the sweet surprise, {thing} is so cute and I love it",
            "Absolutely loved the {event}. Brilliant {time}, lovely people, amazing food");

    private static final List<String> NEUTRAL = List.of(
            "The {event} at {place} starts {when} at {clock}, doors open at {clock}",
            "{place} as seen on {day} {partofday} from the north side of {street}",
            "{people} will be at {place} on {day} for the {event}",
            "Tickets for the {event} at {place} go on sale on {day} at {clock}",
            "Photo taken at {place} on {day} {partofday}, looking towards {street}",
            "The {event} moves from {day} to {day2} and will be held at {place}",
            "On {day} the {event} takes place at {place}, it is the {nth} of the year",
            "Does anyone know if {place} is open on {day} until {clock}?",
            "New opening hours at {place}: {day} to {day2} from {clock}",
            "Who is going to the {event} at {place} on {day}?",
            "{people} at {place}, {day} {partofday}, {clock}",
            "According to the schedule the {event} is on {day} at {clock} in {street}",
            "Here is {thing} at {place} on {day}, it is the {nth} from the left",
            "The {nth} {event} will be held on {day} and {day2} at {place}",
            "Set up for the {event} at {place}, we start on {day} at {clock}",
            "Road works on {street} near {place} from {day} until {day2}",
            "The bus to {place} leaves at {clock} from {street} on {day}",
            "What time does the {event} at {place} start on {day}?",
            "{place} on {day}, {clock}. Next stop {street} for the {event}",
            "The council meets on {day} at {clock} to talk about {place}",
            "This is {street} on {day} at {clock}, seen from {place}",
            "{people} talk about the {event} on {day} at {clock}, see the programme",
            "Part {nth} of the series about {place} comes out on {day}",
            "From {day} the {event} can be seen at {place}, entrance on {street}");

    private static final List<String> NEGATIVE = List.of(
            "I hate {thing} so much, this is the worst {time} ever",
            "So sad and angry right now, the {event} at {place} was cancelled again",
            "Worst {event} ever, {place} was terrible and the staff was rude",
            "I can't believe {people} ruined {thing}, I am so upset and disappointed",
            "Feeling sick and tired of {thing}, this {time} is a disaster",
            "Stuck at {place} again, delayed for hours. This is awful and I am so annoyed",
            "{thing} is broken again, what a horrible {time}. I hate this",
            "What a terrible {time} at {place}, everything is ruined and I want to cry",
            "So disappointed with the {event}, it was awful and a waste of money",
            "I hate {day}s, {place} is horrible and I feel like crap",
            "{people} lost again at the {event}, what a shame, pathetic and sad",
            "My heart is broken. I miss {people} and this {partofday} just hurts",
            "This is disgusting, {place} is full of trash and nobody cares. Shame on you",
            "Terrible accident near {place} {when}, so sad for {people} and their families",
            "The worst thing about {place} is {thing}, I really hate it here",
            "Can't sleep, {thing} gives me a headache. I am so tired and so angry",
            "Nobody came to the {event} {when}. I feel so lonely and sad",
            "{thing} died {when} and I can't stop crying, worst {day} of my life",
            "Fed up with {people}, the {event} was a horrible mess and a total failure",
            "So mad right now! {people} stole {thing} at {place}, I hate people",
            "Awful weather, awful {event}, awful {time}. I regret coming to {place}",
            "Why is {place} always so bad? The {event} was boring and the food made me sick",
            "Sad news from {place} {when}, {people} got hurt at the {event}",
            "Everything went wrong {when}, {thing} is destroyed and I am so depressed");

    private static final Map<String, List<String>> WORDS = Map.ofEntries(
            Map.entry(
                    "thing",
                    List.of(
                            "my garden",
                            "our house",
                            "this old bike",
                            "my new phone",
                            "the kitchen",
                            "my dog",
                            "our cat",
                            "this coffee",
                            "my car",
                            "the new album",
                            "my hair",
                            "this book",
                            "the roof",
                            "our tree",
                            "this camera",
                            "my room",
                            "the train",
                            "that song",
                            "my dress",
                            "the boat")),
            Map.entry(
                    "place",
                    List.of(
                            "the beach",
                            "Central Park",
                            "the lake",
                            "Brighton",
                            "the station",
                            "Main Square",
                            "Chicago",
                            "the harbour",
                            "our school",
                            "the airport",
                            "the museum",
                            "Dublin",
                            "the market",
                            "the old bridge",
                            "Lake Park",
                            "the stadium",
                            "Austin",
                            "the library",
                            "Leeds",
                            "the river")),
            Map.entry(
                    "people",
                    List.of(
                            "my sister",
                            "my friends",
                            "the whole family",
                            "my mum",
                            "the team",
                            "my best friend",
                            "our neighbours",
                            "the kids",
                            "Anna and Tom",
                            "my brother",
                            "the band",
                            "@user",
                            "my cousins",
                            "the class",
                            "Grandpa",
                            "the crew")),
            Map.entry(
                    "event",
                    List.of(
                            "concert",
                            "festival",
                            "game",
                            "wedding",
                            "parade",
                            "exhibition",
                            "flower show",
                            "match",
                            "farmers market",
                            "film night",
                            "marathon",
                            "open day",
                            "birthday party",
                            "garden tour",
                            "street fair",
                            "regatta")),
            Map.entry(
                    "time",
                    List.of(
                            "day",
                            "weekend",
                            "evening",
                            "trip",
                            "holiday",
                            "afternoon",
                            "week",
                            "night",
                            "morning",
                            "summer")),
            Map.entry(
                    "when",
                    List.of(
                            "today",
                            "tonight",
                            "this morning",
                            "right now",
                            "this weekend",
                            "this afternoon",
                            "yesterday",
                            "this week")),
            Map.entry("partofday", List.of("morning", "afternoon", "evening", "night")),
            Map.entry("day", List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")),
            Map.entry(
                    "day2",
                    List.of(
                            "the 3rd",
                            "the 12th",
                            "the 24th",
                            "next Sunday",
                            "next Tuesday",
                            "March 9",
                            "June 21",
                            "October 2")),
            Map.entry("clock", List.of("7 pm", "10 am", "8:30", "noon", "6:15", "9 am", "5 pm", "20:00")),
            Map.entry(
                    "street",
                    List.of(
                            "Mill Road",
                            "Park Street",
                            "the High Street",
                            "Station Road",
                            "5th Avenue",
                            "Church Lane",
                            "Harbour Street",
                            "Route 9")),
            Map.entry("nth", List.of("2nd", "3rd", "4th", "5th", "7th", "10th", "12th")));

    private static final List<String> POSITIVE_ENDS =
            List.of(" #love", " #happy", " #blessed", " :)", " <3", " #bestdayever", " 😍", " 😊", "!", "!!");

    private static final List<String> NEUTRAL_ENDS =
            List.of(" #photo", " #news", " #schedule", " #city", ".", "", "", "");

    private static final List<String> NEGATIVE_ENDS =
            List.of(" #sad", " #fail", " #angry", " :(", " 😢", " 😡", " #worst", ".", "...");

    private Phrases() {}

    /** A tweet's text of this mood: more than five words. */
    static String text(Mood said, SplittableRandom random) {
        StringBuilder text = new StringBuilder();
        if (random.nextInt(8) == 0) {
            text.append("@user").append(random.nextInt(1000)).append(' ');
        }
        List<String> patterns =
                switch (said) {
                    case POSITIVE -> POSITIVE;
                    case NEUTRAL -> NEUTRAL;
                    case NEGATIVE -> NEGATIVE;
                };
        List<String> ends =
                switch (said) {
                    case POSITIVE -> POSITIVE_ENDS;
                    case NEUTRAL -> NEUTRAL_ENDS;
                    case NEGATIVE -> NEGATIVE_ENDS;
                };
        text.append(filled(pick(patterns, random), random));
        text.append(pick(ends, random));
        if (random.nextInt(3) == 0) {
            text.append(" https://t.co/").append(Long.toString(random.nextLong(1L << 50), 36));
        }
        return text.toString();
    }

    private static String filled(String pattern, RandomGenerator random) {
        Matcher slots = SLOT.matcher(pattern);
        return capitalised(slots.replaceAll(
                slot -> Matcher.quoteReplacement(pick(WORDS.getOrDefault(slot.group(1), List.of()), random))));
    }

    private static String pick(List<String> of, RandomGenerator random) {
        return of.get(random.nextInt(of.size()));
    }

    private static String capitalised(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
