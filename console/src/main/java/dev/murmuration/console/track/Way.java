package dev.murmuration.console.track;

import java.util.List;

/**
 * What was found of a subject.
 *
 * @param asked as it was typed
 * @param kind tweet, photo, shard or sample
 * @param shard what is known of the shard that was asked for; empty lines for anything else
 * @param tweets that it leads to
 * @param unread what the search had not read when its time was over, one line for each topic; empty if it read everything
 */
public record Way(String asked, String kind, List<String> shard, List<TweetWay> tweets, List<String> unread) {}
