package dev.pictj.engine.admission;

/**
 * What became of the jobs of a lane.
 *
 * @param running now
 * @param waiting now
 * @param bytes that running ones are predicted to need
 * @param ended since the start
 * @param busyNanos time that ended ones ran, all together
 * @param refused since the start, because too much waited or it took too long
 */
public record LaneLoad(
    int running, int waiting, long bytes, long ended, long busyNanos, long refused) {}
