using Marketplace.DiskImages.Content;
using Marketplace.DiskImages.Registry.Cells;

namespace Marketplace.DiskImages.Registry.Logs;

/// <summary>
/// What Windows does when it loads a hive to which a write was not finished: the logs are put over it, here in memory only.
/// A hive whose logs do not say with certainty what Windows would see is refused.
/// </summary>
internal static class HiveRecovery
{
    /// <summary>Replays the logs.</summary>
    /// <param name="hive">The dirty hive.</param>
    /// <param name="block">Its base block, damaged or not.</param>
    /// <param name="contents">Its logs, in any order.</param>
    /// <exception cref="DiskFormatException">The logs cannot be used (Unsupported), or the base block is damaged and no log has a copy (Corrupt).</exception>
    public static (DiskContent Hive, HiveBaseBlock Block) Recover(DiskContent hive, HiveBaseBlock block, IReadOnlyList<DiskContent> contents)
    {
        List<HiveLog> logs = [];
        bool anyDamaged = false;
        foreach (DiskContent content in contents)
        {
            if (HiveLog.Open(content) is { } log)
            {
                logs.Add(log);
            }
            else
            {
                anyDamaged |= !HiveLog.IsUnused(content);
            }
        }

        RecoveredHiveContent recovered = new(hive);
        HiveBaseBlock? result = logs.Exists(log => log.HasEntries)
            ? ReplayEntries(recovered, block, [.. logs.Where(log => log.HasEntries)], anyDamaged)
            : ReplayDirtyPages(recovered, hive, block, logs);
        if (result is not null)
        {
            recovered.Extend(result.BinsSize);
            return (recovered, result);
        }

        throw block.Damage.Length > 0
            ? DiskFormatException.Corrupt(RegistryFormat.BaseBlockStructure, 0, block.Damage + ", and no log has a copy")
            : DiskFormatException.Unsupported(
                RegistryFormat.BaseBlockStructure,
                RegistryFormat.PrimarySequenceOffset,
                $"a write to the hive was not finished (sequence numbers {block.PrimarySequence} and {block.SecondarySequence}), and {(contents.Count == 0 ? "there is no log" : "its logs have nothing for it")}");
    }

    private static HiveBaseBlock? ReplayEntries(RecoveredHiveContent recovered, HiveBaseBlock block, List<HiveLog> logs, bool anyDamaged)
    {
        List<(HiveLog Log, IReadOnlyList<HiveLogEntry> Entries)> replays = [.. logs.Select(log => (log, log.ReadEntries())).Where(replay => replay.Item2.Count > 0)];
        replays.Sort((left, right) => left.Entries[0].Sequence.CompareTo(right.Entries[0].Sequence));
        if (block.Damage.Length > 0)
        {
            // What of the hive was written is not known, so neither is which of two logs still counts.
            if (replays.Count > 1)
            {
                throw Ambiguous("the base block of the hive is damaged, and two logs have entries");
            }

            block = replays.Count > 0 ? replays[0].Log.BaseBlock with { FileType = RegistryFormat.FileTypePrimary } : block;
        }

        uint? last = null;
        uint binsSize = 0;
        foreach ((HiveLog log, IReadOnlyList<HiveLogEntry> entries) in replays)
        {
            uint first = entries[0].Sequence;
            if (last is null && first < block.SecondarySequence)
            {
                // Written to the hive already; were its end not, Windows and we could disagree on what follows.
                if (entries[^1].Sequence > block.SecondarySequence)
                {
                    throw Ambiguous($"its entries {first} to {entries[^1].Sequence} begin before the sequence number {block.SecondarySequence} of the hive and end after it");
                }

                continue;
            }

            if (last is null && first > block.SecondarySequence + 1L && anyDamaged)
            {
                throw Ambiguous($"its entries begin with {first}, the hive ends with {block.SecondarySequence}, and another log is damaged");
            }

            if (last is { } previous && first != previous + 1L)
            {
                throw Ambiguous($"its entries begin with {first}, those of the other log end with {previous}");
            }

            foreach (HiveLogEntry entry in entries)
            {
                foreach (LoggedPage page in entry.Pages)
                {
                    recovered.Add(log.Content, page);
                }
            }

            last = entries[^1].Sequence;
            binsSize = entries[^1].BinsSize;
        }

        return last is { } sequence ? block with { BinsSize = binsSize, PrimarySequence = sequence, SecondarySequence = sequence, Damage = "" } : null;
    }

    private static HiveBaseBlock? ReplayDirtyPages(RecoveredHiveContent recovered, DiskContent hive, HiveBaseBlock block, List<HiveLog> logs)
    {
        if (logs.Count == 0)
        {
            return null;
        }

        // A log belongs to the write that put its time into the hive.
        ulong? written = block.Damage.Length == 0 ? block.LastWritten : FirstBinTimestamp(hive);
        List<(HiveLog Log, IReadOnlyList<LoggedPage> Pages)> replays = [];
        foreach (HiveLog log in logs)
        {
            if (log.BaseBlock.LastWritten < written || log.ReadDirtyPages() is not { } pages)
            {
                continue;
            }

            if (log.BaseBlock.LastWritten != written || replays.Count > 0)
            {
                throw Ambiguous("more than one log of dirty pages, or one that is later than the hive, could belong to it");
            }

            replays.Add((log, pages));
        }

        if (replays.Count == 0)
        {
            return null;
        }

        foreach (LoggedPage page in replays[0].Pages)
        {
            recovered.Add(replays[0].Log.Content, page);
        }

        HiveBaseBlock copy = replays[0].Log.BaseBlock;
        return block.Damage.Length > 0
            ? copy with { FileType = RegistryFormat.FileTypePrimary }
            : block with { BinsSize = copy.BinsSize, SecondarySequence = block.PrimarySequence };
    }

    private static ulong? FirstBinTimestamp(DiskContent hive)
    {
        if (hive.Length < RegistryFormat.BaseBlockSize + RegistryFormat.BinAlignment)
        {
            return null;
        }

        byte[] header = new byte[RegistryFormat.BinHeaderSize];
        hive.Read(RegistryFormat.BaseBlockSize, header);
        return HiveBin.Parse(header, 0, (uint)Math.Min(hive.Length - RegistryFormat.BaseBlockSize, RegistryFormat.MaxHiveSize)).Timestamp;
    }

    private static DiskFormatException Ambiguous(string detail) =>
        DiskFormatException.Unsupported(HiveLogFormat.LogStructure, -1, "a write to the hive was not finished, and its logs do not fit together: " + detail);
}
