using System.Runtime.ExceptionServices;
using System.Threading.Channels;
using Marketplace.DiskImages.Content;

namespace Marketplace.Publishing.Upload;

/// <summary>One reader fills buffers of a fixed pool with cells, several workers handle them and give the buffers back.</summary>
internal static class CellPipeline
{
    private const int MinimumBuffers = 2;

    /// <summary>Handles every cell that has allocated bytes. A cell's bytes are valid, and unchanged, until its handler ends.</summary>
    /// <param name="content">The content.</param>
    /// <param name="length">How many bytes of the content count: the virtual size.</param>
    /// <param name="bufferBytes">The most memory for buffers, in bytes.</param>
    /// <param name="workers">How many cells are handled at once.</param>
    /// <param name="handle">Handles a cell; called from several threads.</param>
    /// <param name="cancellationToken">Stops.</param>
    public static async Task RunAsync(DiskContent content, long length, long bufferBytes, int workers, Func<Cell, CancellationToken, Task> handle, CancellationToken cancellationToken)
    {
        int buffers = (int)Math.Clamp(bufferBytes / PageBlobFormat.CellSize, MinimumBuffers, workers + 2);
        var pool = Channel.CreateUnbounded<byte[]>();
        for (int i = 0; i < buffers; i++)
        {
            pool.Writer.TryWrite(GC.AllocateUninitializedArray<byte>(PageBlobFormat.CellSize));
        }

        // Bounded by the pool: there are never more cells than buffers.
        var cells = Channel.CreateUnbounded<(Cell Cell, byte[] Buffer)>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] tasks =
        [
            GuardAsync(ReadAsync),
            .. Enumerable.Range(0, Math.Min(workers, buffers)).Select(_ => GuardAsync(WorkAsync)),
        ];
        try
        {
            await Task.WhenAll(tasks);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The first failure stopped the others; theirs are cancellations only.
            if (tasks.Select(task => task.Exception?.InnerException).FirstOrDefault(exception => exception is not null) is { } cause)
            {
                ExceptionDispatchInfo.Throw(cause);
            }

            throw;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new OperationCanceledException(exception.Message, exception, cancellationToken);
        }

        async Task GuardAsync(Func<Task> work)
        {
            try
            {
                await Task.Run(work, stop.Token);
            }
            catch
            {
                await stop.CancelAsync();
                throw;
            }
        }

        async Task ReadAsync()
        {
            foreach ((long index, IReadOnlyList<Extent> pieces) in Cell.Group(content, length))
            {
                byte[] buffer = await pool.Reader.ReadAsync(stop.Token);
                cells.Writer.TryWrite((Read(content, length, index, pieces, buffer), buffer));
            }

            cells.Writer.Complete();
        }

        async Task WorkAsync()
        {
            await foreach ((Cell cell, byte[] buffer) in cells.Reader.ReadAllAsync(stop.Token))
            {
                await handle(cell, stop.Token);
                pool.Writer.TryWrite(buffer);
            }
        }
    }

    private static Cell Read(DiskContent content, long length, long index, IReadOnlyList<Extent> pieces, byte[] buffer)
    {
        long offset = index * PageBlobFormat.CellSize;
        Memory<byte> bytes = buffer.AsMemory(0, (int)Math.Min(PageBlobFormat.CellSize, length - offset));
        long allocated = 0;
        bytes.Span.Clear();
        foreach (Extent piece in pieces)
        {
            content.Read(piece.Offset, bytes.Span.Slice((int)(piece.Offset - offset), (int)piece.Length));
            allocated += piece.Length;
        }

        return new Cell(index, bytes, allocated);
    }
}
