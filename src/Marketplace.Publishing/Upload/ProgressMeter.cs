namespace Marketplace.Publishing.Upload;

/// <summary>Turns handled bytes into at most one report a second.</summary>
internal sealed class ProgressMeter(IProgress<UploadProgress>? progress, string disk, long total, TimeProvider time)
{
    private const int WindowSeconds = 5;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly Queue<(long Timestamp, long Done)> _window = new([(time.GetTimestamp(), 0)]);
    private long _last = time.GetTimestamp();
    private long _done;

    /// <summary>Counts bytes and reports when a second has passed since the last report.</summary>
    /// <param name="bytes">Bytes that were handled.</param>
    public void Add(long bytes)
    {
        if (progress is null)
        {
            return;
        }

        UploadProgress report;
        lock (_lock)
        {
            _done += bytes;
            long now = time.GetTimestamp();
            if (time.GetElapsedTime(_last, now) < Interval)
            {
                return;
            }

            _last = now;
            (long Timestamp, long Done) oldest = _window.Count > WindowSeconds ? _window.Dequeue() : _window.Peek();
            _window.Enqueue((now, _done));
            double rate = (_done - oldest.Done) / time.GetElapsedTime(oldest.Timestamp, now).TotalSeconds;
            TimeSpan remaining = rate > 0 ? TimeSpan.FromSeconds(Math.Min((total - _done) / rate, TimeSpan.FromDays(99).TotalSeconds)) : TimeSpan.FromDays(99);
            report = new UploadProgress(disk, _done, total, rate, remaining);
        }

        progress.Report(report);
    }
}
