namespace Benchmarks;

/// <summary>Some work done by this library, and the same work done by another program.</summary>
internal interface IPairedBenchmark : IDisposable
{
    /// <summary>The group first, so that a run of one group can be asked for.</summary>
    string Name { get; }

    /// <summary>Why it cannot be run here; null when it can.</summary>
    string? WhyNot => null;

    /// <summary>Makes the files both work on, unless they are there from an earlier run.</summary>
    /// <param name="folder">A folder with room for some GiB.</param>
    void Prepare(string folder);

    /// <summary>Done before each run of either side, outside the time.</summary>
    void BeforeEach()
    {
    }

    /// <summary>The work done by this library.</summary>
    void RunOurs();

    /// <summary>The work done by the other program.</summary>
    void RunOther();
}
