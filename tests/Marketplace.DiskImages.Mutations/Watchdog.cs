namespace Marketplace.DiskImages.Mutations;

/// <summary>Ends the process with the name of a mutant that does not end.</summary>
internal sealed class Watchdog : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly Lock _lock = new();
    private readonly Timer _timer;
    private string _current = "";

    public Watchdog() => _timer = new Timer(_ => GiveUp(), null, Limit, Timeout.InfiniteTimeSpan);

    public void Started(string target, int seed, int index)
    {
        lock (_lock)
        {
            _current = $"mutant {index} of seed {seed} of {target}";
            _timer.Change(Limit, Timeout.InfiniteTimeSpan);
        }
    }

    public void Dispose() => _timer.Dispose();

    private void GiveUp()
    {
        lock (_lock)
        {
            Console.WriteLine($"HANGS: {_current}");
            Environment.Exit(1);
        }
    }
}
