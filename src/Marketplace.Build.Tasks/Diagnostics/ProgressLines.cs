using Marketplace.Publishing.Upload;

namespace Marketplace.Build.Tasks.Diagnostics;

/// <summary>Turns progress into lines of a log: none for the first five seconds, then one every five seconds.</summary>
/// <param name="line">Receives the lines.</param>
/// <param name="time">The clock.</param>
internal sealed class ProgressLines(Action<string> line, TimeProvider time) : IProgress<UploadProgress>
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private long _last = time.GetTimestamp();

    /// <inheritdoc />
    public void Report(UploadProgress value)
    {
        lock (_gate)
        {
            if (time.GetElapsedTime(_last) < Interval)
            {
                return;
            }

            _last = time.GetTimestamp();
        }

        line($"{value.Disk}: {ByteCount.Format(value.BytesDone)} of {ByteCount.Format(value.BytesTotal)}, {ByteCount.Format(value.BytesPerSecond)}/s, {Duration(value.Remaining)} left");
    }

    private static string Duration(TimeSpan time) =>
        time.TotalHours >= 1 ? $"{(int)time.TotalHours} h {time.Minutes} min"
        : time.TotalMinutes >= 1 ? $"{time.Minutes} min {time.Seconds} s"
        : $"{Math.Max(0, time.Seconds)} s";
}
