/* The crawler's cursor: from deliveries of a feed to tweets, each once. README.md maps each step to a method.
 *
 * A feed of POSTS posts, each with one photo. It can break off and then gives the newest posts again. Two processes with one name: a
 * zombie and its successor; each can crash before any step. Posts are examined side by side and settled in the feed's order.
 */

#ifndef POSTS
#define POSTS 3
#endif
#ifndef CRASHES
#define CRASHES 2
#endif
#define BATCH 2                 /* posts in a transaction */

/* The broker, for the one transactional id. */
byte epoch;
byte cursor;                    /* the newest committed record on crawler-cursors: the next post */
byte cursorIds;                 /* the recent ids in it: bit p */
byte onTweets[POSTS];           /* how many records of the post are on tweets */
bool feedEnded;                 /* the markers are on tweets */
bool photos[POSTS];             /* in the object store */
byte crashes;
byte repeats;                   /* the feed gives a post again at most so often */

bool eachPostIsThereOnce = true;
bool aTweetHasItsPhotos = true;
bool theFeedEndsAfterItsLastPost = true;

hidden byte i;

inline check() {
    i = 0;
    do
    :: i < POSTS ->
        if
        :: onTweets[i] > 1 || (i < cursor && onTweets[i] == 0) -> eachPostIsThereOnce = false
        :: else
        fi;
        if
        :: onTweets[i] > 0 && !photos[i] -> aTweetHasItsPhotos = false
        :: else
        fi;
        if
        :: feedEnded && onTweets[i] == 0 -> theFeedEndsAfterItsLastPost = false
        :: else
        fi;
        i++
    :: else -> break
    od;
    i = 0;
    assert(eachPostIsThereOnce);
    assert(aTweetHasItsPhotos);
    assert(theFeedEndsAfterItsLastPost)
}

#define CRASH crashes < CRASHES -> crashes++; goto start

proctype Crawler() {
    byte myEpoch;
    byte next;                  /* the next post of the feed */
    byte settled;               /* bit p: post p is in the batch that is not committed */
    byte inBatch;
    byte recent;                /* RecentIds: bit p */
    byte examined;              /* bit p: its photo is stored */

start:
    atomic {
        next = 0; settled = 0; inBatch = 0; recent = 0; examined = 0; myEpoch = 0;
        if
        :: feedEnded -> goto done
        :: else
        fi
    }
#ifdef READ_BEFORE_FENCE
    atomic { next = cursor; recent = cursorIds }
#endif
    /* Crawler.start: Transactions.open fences off an earlier process and rolls back its transaction. */
    atomic {
#ifndef NO_FENCE
        epoch++;
#endif
        myEpoch = epoch
    }
    /* CommittedState: the newest committed cursor, with the recent ids. */
#ifndef READ_BEFORE_FENCE
    atomic { next = cursor; recent = cursorIds }
#endif

crawl:
    do
    :: atomic { CRASH }
    /* Examination.examine: side by side, in any order. */
#ifndef PHOTO_AFTER_TWEET
    :: atomic { next < POSTS && !(examined & (1 << next)) -> photos[next] = true; examined = examined | (1 << next) }
    :: atomic { next + 1 < POSTS && !(examined & (2 << next)) -> photos[next + 1] = true; examined = examined | (2 << next) }
#define EXAMINED(p) (examined & (1 << (p)))
#else
#define EXAMINED(p) true
#endif
    /* Crawl.settle and CrawlState.settle: the feed's order, each id once. */
    :: atomic {
           next < POSTS && EXAMINED(next) ->
#ifdef NO_RECENT_IDS
           settled = settled | (1 << next);
#else
           if
           :: recent & (1 << next)
           :: else -> settled = settled | (1 << next)
           fi;
#endif
           recent = recent | (1 << next);
           next++; inBatch++;
           if
           :: inBatch >= BATCH || next == POSTS -> goto commit
           :: else
           fi
       }
#ifdef OUT_OF_ORDER
    :: atomic {                 /* the second one is examined first and settled at once */
           next + 1 < POSTS && EXAMINED(next + 1) && !(recent & (2 << next)) ->
           settled = settled | (2 << next); recent = recent | (2 << next);
           next = next + 2; inBatch++; goto commit
       }
#endif
    /* The batch is old enough. */
    :: atomic { inBatch > 0 -> goto commit }
    /* LiveDeliveries: the connection broke; the feed gives the last post again. */
    :: atomic { repeats < 1 && next > 0 && next < POSTS -> repeats++; next-- }
    od;

commit:
    /* KafkaOutlet.commit: tweets and cursor in one transaction. */
    atomic {
        if
        :: CRASH
        :: epoch != myEpoch -> goto done                /* fenced: Fatal */
        :: epoch == myEpoch                             /* records are sent; nobody reads them yet */
        fi
    }
    atomic {
        if
        :: CRASH
        :: epoch != myEpoch -> goto done
        :: epoch == myEpoch ->
           i = 0;
           do
           :: i < POSTS && (settled & (1 << i)) -> onTweets[i]++; i++
           :: i < POSTS && !(settled & (1 << i)) -> i++
           :: i == POSTS -> break
           od;
           i = 0;
#ifndef CURSOR_APART
           cursor = next; cursorIds = recent;
#endif
           if
#ifdef END_APART
           :: next + 1 >= POSTS -> feedEnded = true
           :: next + 1 < POSTS
#else
           :: next == POSTS -> feedEnded = true
           :: next < POSTS
#endif
           fi;
           check()
        fi
    }
#ifdef CURSOR_APART
    atomic {
        if
        :: CRASH
        :: cursor = next; cursorIds = recent; check()
        fi
    }
#endif
#ifdef PHOTO_AFTER_TWEET
    photos[0] = true; photos[1] = true; photos[POSTS - 1] = true;
#endif
    atomic {
        settled = 0; inBatch = 0;
        if
        :: feedEnded -> goto done
        :: else -> goto crawl
        fi
    }
done:
    skip
}

init {
    atomic { run Crawler(); run Crawler() }
    /* When nothing more can happen, everything has arrived. */
    timeout;
    assert(feedEnded)
}
