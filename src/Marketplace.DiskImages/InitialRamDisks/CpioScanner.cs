using Marketplace.DiskImages.FileSystems;

namespace Marketplace.DiskImages.InitialRamDisks;

/// <summary>Takes the bytes of cpio archives in pieces of any size and tells their entries; the data of files is passed over.</summary>
/// <param name="visit">Told each entry; false to stop.</param>
internal sealed class CpioScanner(Func<CpioEntry, bool> visit)
{
    private readonly byte[] _bytes = new byte[InitramfsFormat.HeaderSize + InitramfsFormat.MaxNameSize + InitramfsFormat.Alignment];
    private int _count;
    private CpioHeader _header;
    private bool _hasHeader;
    private long _unpacked;
    private int _entries;

    /// <summary>Whether the visitor asked to stop.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>Whether nothing of an archive was begun that is not complete.</summary>
    public bool IsBetweenArchives { get; private set; } = true;

    /// <summary>Whether the next byte starts an entry: also the end of an archive without its last entry.</summary>
    public bool IsBetweenEntries => _count == 0 && PendingSkip == 0;

    /// <summary>Bytes that need not be given but only counted: <see cref="Skip"/>.</summary>
    public long PendingSkip { get; private set; }

    /// <summary>Passes over bytes.</summary>
    /// <param name="count">At most <see cref="PendingSkip"/>.</param>
    public void Skip(long count) => PendingSkip -= count;

    /// <summary>Ends an archive between two entries: one without its last entry ends so.</summary>
    public void EndArchive() => IsBetweenArchives = true;

    /// <summary>Takes unpacked bytes; false when the visitor asked to stop.</summary>
    /// <exception cref="DiskFormatException">They are no archive, or more than is read.</exception>
    public bool WriteUnpacked(ReadOnlySpan<byte> bytes)
    {
        _unpacked += bytes.Length;
        if (_unpacked > InitramfsFormat.MaxUnpackedSize)
        {
            throw DiskFormatException.Unsupported(InitramfsFormat.Structure, -1, $"it unpacks to more than {InitramfsFormat.MaxUnpackedSize >> 20} MiB");
        }

        while (!bytes.IsEmpty && !IsStopped)
        {
            if (IsBetweenArchives)
            {
                // Zeros may stand between archives.
                int zeros = bytes.IndexOfAnyExcept((byte)0);
                bytes = zeros < 0 ? [] : bytes[zeros..];
                if (bytes.IsEmpty)
                {
                    break;
                }
            }

            bytes = bytes[Write(bytes)..];
        }

        return !IsStopped;
    }

    /// <summary>Takes bytes of an archive up to its end.</summary>
    /// <returns>How many were taken: fewer when the archive ends within them, or the visitor asked to stop.</returns>
    /// <exception cref="DiskFormatException">They are no archive.</exception>
    public int Write(ReadOnlySpan<byte> bytes)
    {
        int taken = 0;
        IsBetweenArchives = false;
        while (taken < bytes.Length && !IsBetweenArchives && !IsStopped)
        {
            if (PendingSkip > 0)
            {
                int skipped = (int)Math.Min(PendingSkip, bytes.Length - taken);
                Skip(skipped);
                taken += skipped;
                continue;
            }

            int wanted = _hasHeader ? InitramfsFormat.HeaderSize + (int)_header.PaddedNameSize : InitramfsFormat.HeaderSize;
            int count = Math.Min(wanted - _count, bytes.Length - taken);
            bytes.Slice(taken, count).CopyTo(_bytes.AsSpan(_count));
            _count += count;
            taken += count;
            if (_count == wanted)
            {
                Complete();
            }
        }

        return taken;
    }

    private void Complete()
    {
        if (!_hasHeader)
        {
            _header = CpioHeader.Parse(_bytes);
            _hasHeader = true;
            if (++_entries > InitramfsFormat.MaxEntries)
            {
                throw DiskFormatException.Unsupported(InitramfsFormat.Structure, -1, $"it has more than {InitramfsFormat.MaxEntries} entries");
            }

            if (_header.NameSize is > 0 and <= InitramfsFormat.MaxNameSize)
            {
                return;
            }

            // As the kernel does with a name that is too long.
            PendingSkip = _header.PaddedNameSize + _header.PaddedFileSize;
        }
        else
        {
            ReadOnlySpan<byte> name = _bytes.AsSpan(InitramfsFormat.HeaderSize, (int)_header.NameSize);
            int end = name.IndexOf((byte)0);
            name = end < 0 ? name : name[..end];
            PendingSkip = _header.PaddedFileSize;
            if (name.SequenceEqual(InitramfsFormat.Trailer))
            {
                IsBetweenArchives = true;
                PendingSkip = 0;
            }
            else
            {
                IsStopped = !visit(new CpioEntry(FileName.Decode(name), _header.Mode, _header.FileSize));
            }
        }

        _count = 0;
        _hasHeader = false;
    }
}
