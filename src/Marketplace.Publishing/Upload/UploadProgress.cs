namespace Marketplace.Publishing.Upload;

/// <summary>How far an upload is.</summary>
/// <param name="Disk">File name of the disk.</param>
/// <param name="BytesDone">Allocated bytes handled.</param>
/// <param name="BytesTotal">Allocated bytes to handle.</param>
/// <param name="BytesPerSecond">Rate over the last seconds.</param>
/// <param name="Remaining">Estimated time left.</param>
public sealed record UploadProgress(string Disk, long BytesDone, long BytesTotal, double BytesPerSecond, TimeSpan Remaining);
