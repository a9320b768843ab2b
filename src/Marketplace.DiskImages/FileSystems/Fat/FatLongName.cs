namespace Marketplace.DiskImages.FileSystems.Fat;

/// <summary>Collects the long-name entries before a short one; they stand last part first and count only when all of them belong together.</summary>
internal sealed class FatLongName
{
    private readonly char[] _units = new char[FatFormat.LongNameMaxEntries * FatFormat.LongNameCharsPerEntry];
    private int _length;
    private int _missing;
    private byte _checksum;
    private bool _isStarted;

    public void Reset() => _isStarted = false;

    public void Add(ReadOnlySpan<byte> entry)
    {
        int order = entry[0] & ~FatFormat.LongNameLast;
        bool isLast = (entry[0] & FatFormat.LongNameLast) != 0;
        if (order is < 1 or > FatFormat.LongNameMaxEntries)
        {
            Reset();
            return;
        }

        if (isLast)
        {
            _isStarted = true;
            _missing = order;
            _length = order * FatFormat.LongNameCharsPerEntry;
            _checksum = entry[FatFormat.LongNameChecksumOffset];
        }

        if (!_isStarted || order != _missing || entry[FatFormat.LongNameChecksumOffset] != _checksum)
        {
            Reset();
            return;
        }

        FatName.ReadLongPart(entry, _units.AsSpan((order - 1) * FatFormat.LongNameCharsPerEntry));
        _missing--;
    }

    /// <summary>The long name of the short entry that follows; null when none belongs to it.</summary>
    public string? Take(ReadOnlySpan<byte> entry)
    {
        bool belongs = _isStarted && _missing == 0 && FatName.Checksum(entry) == _checksum;
        Reset();
        string? name = belongs ? FatName.FinishLong(_units.AsSpan(0, _length)) : null;
        return name is not null && FatName.IsUsable(name) ? name : null;
    }
}
