namespace Marketplace.DiskImages.FileSystems.Ext;

/// <summary>Data kept in the inode (feature inline_data): the 60 bytes of i_block, then the value of the attribute <c>system.data</c>.</summary>
internal sealed class ExtInlineData
{
    private readonly ExtInode _inode;
    private readonly int _valueStart;
    private readonly int _valueLength;

    /// <param name="inode">An inode with the flag of inline data.</param>
    /// <exception cref="DiskFormatException">The attribute is missing or damaged, or i_size is more than both parts hold.</exception>
    public ExtInlineData(ExtInode inode)
    {
        _inode = inode;
        (_valueStart, _valueLength) = ExtXattr.FindSystemData(inode) ?? throw Corrupt("the inode has the flag of inline data and no attribute system.data");
        if (inode.Size > ExtFormat.BlockAreaSize + _valueLength)
        {
            throw Corrupt($"i_size is {inode.Size}, the inode holds {ExtFormat.BlockAreaSize + _valueLength} bytes");
        }
    }

    /// <summary>The bytes in the attribute.</summary>
    public ReadOnlyMemory<byte> Value => _inode.AttributeArea.AsMemory(_valueStart, _valueLength);

    /// <summary>Reads data; the range must be inside i_size.</summary>
    public void Read(int offset, Span<byte> destination)
    {
        if (offset < ExtFormat.BlockAreaSize)
        {
            int length = Math.Min(ExtFormat.BlockAreaSize - offset, destination.Length);
            _inode.BlockArea.AsSpan(offset, length).CopyTo(destination);
            destination = destination[length..];
            offset += length;
        }

        if (!destination.IsEmpty)
        {
            Value.Span.Slice(offset - ExtFormat.BlockAreaSize, destination.Length).CopyTo(destination);
        }
    }

    private DiskFormatException Corrupt(string detail) =>
        DiskFormatException.Corrupt($"ext4 inline data of inode {_inode.Number}", _inode.Offset, detail);
}
