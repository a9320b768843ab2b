using System.Buffers.Binary;

namespace Marketplace.DiskImages.FileSystems.Ext.Journal;

/// <summary>The blocks of a journal that is kept in a file of its file system.</summary>
internal sealed class JournalLog
{
    private readonly ExtVolume _volume;
    private readonly ExtDataMap _map;
    private readonly int _blockSize;

    private JournalLog(ExtVolume volume, ExtDataMap map, long availableBlocks)
    {
        _volume = volume;
        _map = map;
        _blockSize = volume.Superblock.BlockSize;
        long offset = Position(0);
        byte[] raw = new byte[JournalFormat.SuperblockSize];
        volume.Content.Read(offset, raw);
        Superblock = JournalSuperblock.Parse(raw, _blockSize, availableBlocks, offset);
    }

    /// <summary>The superblock of the journal.</summary>
    public JournalSuperblock Superblock { get; }

    /// <summary>Opens the journal of a file system.</summary>
    /// <exception cref="DiskFormatException">The journal is on another device (Unsupported), or it is damaged.</exception>
    public static JournalLog Open(ExtVolume volume)
    {
        ExtSuperblock superblock = volume.Superblock;
        if (!superblock.Compat.HasFlag(ExtCompat.HasJournal))
        {
            throw DiskFormatException.Corrupt(ExtSuperblock.Structure, ExtFormat.SuperblockOffset, "the file system needs recovery and has no journal");
        }

        if (superblock.HasExternalJournal)
        {
            throw DiskFormatException.Unsupported(ExtSuperblock.Structure, ExtFormat.SuperblockOffset, "the file system needs recovery and its journal is on another device");
        }

        ExtInode inode = volume.ReadInode(superblock.JournalInode);
        if (inode.Kind != FileKind.Regular || inode.HasInlineData || inode.Size / superblock.BlockSize == 0)
        {
            throw DiskFormatException.Corrupt(inode.Structure, inode.Offset, "the inode of the journal is not a regular file with blocks");
        }

        return new JournalLog(volume, volume.MapOf(inode), Math.Min(inode.Size / superblock.BlockSize, superblock.BlocksCount));
    }

    /// <summary>The block after another one in the circular log.</summary>
    public uint After(uint block) => block + 1 >= Superblock.End ? Superblock.First : block + 1;

    /// <summary>Offset in bytes within the volume of a block of the journal.</summary>
    /// <param name="block">Number of the block within the journal.</param>
    /// <exception cref="DiskFormatException">The block has no place on the volume.</exception>
    public long Position(uint block)
    {
        ExtRun run = _map.Find(block);
        return run.Physical < 0
            ? throw DiskFormatException.Corrupt("jbd2 journal", -1, $"no data is stored for block {block} of the journal")
            : run.Physical * _blockSize;
    }

    /// <summary>Reads a block of the journal.</summary>
    /// <param name="block">Number of the block within the journal.</param>
    /// <param name="destination">Receives the block.</param>
    /// <exception cref="DiskFormatException">The block has no place on the volume.</exception>
    public void Read(uint block, Span<byte> destination) => _volume.Content.Read(Position(block), destination);

    /// <summary>Whether the checksum at the end of a descriptor or revoke block is right; true when the journal has none.</summary>
    public bool IsTailValid(ReadOnlySpan<byte> block)
    {
        if (!Superblock.HasBlockChecksums)
        {
            return true;
        }

        uint crc = ExtChecksum.Crc32C(Superblock.ChecksumSeed, block[..^JournalFormat.TailSize]);
        return ExtChecksum.Crc32CZeros(crc, JournalFormat.TailSize) == BinaryPrimitives.ReadUInt32BigEndian(block[^JournalFormat.TailSize..]);
    }
}
