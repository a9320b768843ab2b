using System.Buffers.Binary;
using Marketplace.DiskImages.Content;

namespace Marketplace.DiskImages.FileSystems.Xfs.Log;

/// <summary>
/// Recovery of a file system that was not unmounted: what the kernel would write back at the next mount is laid over the
/// volume in memory. Pass 1 collects freed buffers and intents that were not carried out, pass 2 makes the changes.
/// </summary>
internal sealed class XlogRecovery
{
    private readonly XlogCancelTable _cancelled = new();
    private readonly HashSet<(XlogItemType Type, ulong Id)> _unfinished = [];
    private readonly XlogBlocks _log;
    private readonly XlogState _state;

    private XlogRecovery(XfsVolume volume, XlogBlocks log, XlogState state)
    {
        _log = log;
        _state = state;
        int transactions = 0;
        foreach (XlogTransaction transaction in XlogTransactions.Read(log, state))
        {
            transactions++;
            transaction.Items.ForEach(Survey);
        }

        // An intent to free space, to count references or to change attributes changes no name and no data. One that
        // changes extents of files does: the kernel would carry it out now.
        if (_unfinished.Count > 0)
        {
            throw Unsupported("a change of extents of files was begun and not finished, which this reader does not do");
        }

        XlogOverlay overlay = new(volume.Content);
        XlogReplay replay = new(volume, overlay, _cancelled);
        foreach (XlogTransaction transaction in XlogTransactions.Read(log, state))
        {
            replay.Commit(transaction);
        }

        Content = overlay;
        Notes = [$"The file system was not unmounted; its log was replayed in memory: {replay.Applied} changes in {transactions} transactions."];
    }

    /// <summary>The volume as it is after recovery.</summary>
    public DiskContent Content { get; }

    /// <summary>What was done, for people.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Recovers a file system.</summary>
    /// <returns>The recovery; null when the file system was unmounted and nothing waits in the log.</returns>
    /// <exception cref="DiskFormatException">The log is damaged (Corrupt), or cannot be replayed (Unsupported).</exception>
    public static XlogRecovery? Run(XfsVolume volume)
    {
        XlogBlocks log = XlogBlocks.Open(volume);
        XlogState state = XlogHead.Find(log);
        if (state.IsClean)
        {
            return null;
        }

        uint unknown = volume.Superblock.LogIncompat & ~XlogFormat.KnownLogIncompat;
        return unknown == 0
            ? new XlogRecovery(volume, log, state)
            : throw DiskFormatException.Unsupported(XfsSuperblock.Structure, 0, $"dirty log: sb_features_log_incompat has the bits 0x{unknown:X}, which this reader does not replay");
    }

    private void Survey(XlogItem item)
    {
        switch (item.Type)
        {
            case XlogItemType.Buffer:
                XlogBufferItem buffer = XlogBufferItem.Parse(item);
                if (buffer.Flags.HasFlag(XlogBufferFlags.Cancel))
                {
                    _cancelled.Add(buffer.Block, buffer.Blocks);
                }

                break;
            case XlogItemType.MapIntent or XlogItemType.ExchangeIntent:
                _unfinished.Add((item.Type, IntentOf(item)));
                break;
            case XlogItemType.MapDone:
                _unfinished.Remove((XlogItemType.MapIntent, IntentOf(item)));
                break;
            case XlogItemType.ExchangeDone:
                _unfinished.Remove((XlogItemType.ExchangeIntent, IntentOf(item)));
                break;
            case XlogItemType.FreeIntent or XlogItemType.FreeDone or (>= XlogItemType.Inode and <= XlogItemType.LastRealTime):
                break;
            default:
                throw Unsupported($"it has an item of type 0x{(ushort)item.Type:X}, which this reader does not know");
        }
    }

    // Intents and what says they were carried out have the same number at the same place.
    private ulong IntentOf(XlogItem item)
    {
        const int IdOffset = 8;
        return item.Format.Length >= IdOffset + sizeof(ulong)
            ? BinaryPrimitives.ReadUInt64LittleEndian(item.Format[IdOffset..])
            : throw DiskFormatException.Corrupt("XFS log", _log.Start, $"an intent has {item.Format.Length} bytes");
    }

    private DiskFormatException Unsupported(string detail) => DiskFormatException.Unsupported("XFS log", _log.Position(_state.Tail), "dirty log: " + detail);
}
