using System.Diagnostics;
using System.Globalization;
using Marketplace.DiskImages.Testing.Mutations;

// dotnet run --project tests/Marketplace.DiskImages.Mutations -c Release -- [--seed N] [--count N] [name...]
// Reads damaged images and prints a line for each target. A name chooses the targets that begin with it.
// Exit code 1 when a mutant threw anything but the one exception for bad images, hung, or took more than its budget.
int seed = 1;
int count = 1000;
List<string> names = [];
for (int i = 0; i < args.Length; i++)
{
    switch (args[i])
    {
        case "--seed" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out seed):
        case "--count" when i + 1 < args.Length && int.TryParse(args[i + 1], CultureInfo.InvariantCulture, out count):
            i++;
            break;
        case string name when !name.StartsWith('-'):
            names.Add(name);
            break;
        default:
            Console.Error.WriteLine("Usage: [--seed N] [--count N] [name...]");
            return 2;
    }
}

MutationTarget[] targets = [.. MutationTargets.All.Where(target => names.Count == 0 || names.Any(name => target.Name.StartsWith(name, StringComparison.Ordinal)))];
if (targets.Length == 0)
{
    Console.Error.WriteLine("No target has that name. There are: " + string.Join(' ', MutationTargets.All.Select(target => target.Name)));
    return 2;
}

using Watchdog watchdog = new();
Console.WriteLine($"{"target",-28} {"mutants",9} {"refused",9} {"slowest (ms)",20} {"largest (MiB)",20} {"total (s)",9}");
int failed = 0;
foreach (MutationTarget target in targets)
{
    long start = Stopwatch.GetTimestamp();
    try
    {
        MutationRun run = MutationRun.Execute(target, seed, count, index => watchdog.Started(target.Name, seed, index));
        string slowest = string.Create(CultureInfo.InvariantCulture, $"{run.Slowest.Time.TotalMilliseconds:F1} (#{run.Slowest.Index})");
        string largest = string.Create(CultureInfo.InvariantCulture, $"{run.Largest.Bytes / 1048576.0:F1} (#{run.Largest.Index})");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name,-28} {run.Count,9} {run.Refused,9} {slowest,20} {largest,20} {Stopwatch.GetElapsedTime(start).TotalSeconds,9:F0}"));
    }
    catch (InvalidDataException e)
    {
        failed++;
        Console.WriteLine($"{target.Name,-28} FAILED: {e.Message}");
    }
}

Console.WriteLine(failed == 0 ? $"{targets.Length} targets, seed {seed}: nothing but format errors" : $"{failed} of {targets.Length} targets failed");
return failed == 0 ? 0 : 1;
