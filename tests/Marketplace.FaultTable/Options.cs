namespace Marketplace.FaultTable;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const string Usage = """
        Builds real systems, puts each fault of tests/fixtures/systems/faults.sh on a copy, validates it and prints a table
        fault x finding. Needs root on Debian; see tests/Marketplace.FaultTable/README.md.

          --system NAME     debian-12, debian-13 or ubuntu-24.04; may be given again; default debian-12
          --fault PATTERN   only faults whose name matches (with * and ?); may be given again
          --repair          runs the repair script in a chroot of each faulty system too, then of one with all faults at once
          --work DIRECTORY  where the systems are kept; default /var/tmp/marketplace-systems
        """;

    public IReadOnlyList<string> Systems { get; private init; } = ["debian-12"];

    public IReadOnlyList<string> Faults { get; private init; } = ["*"];

    public bool Repair { get; private init; }

    public string Work { get; private init; } = "/var/tmp/marketplace-systems";

    /// <exception cref="ArgumentException">An argument is not known.</exception>
    public static Options Parse(string[] arguments)
    {
        List<string> systems = [];
        List<string> faults = [];
        string work = "/var/tmp/marketplace-systems";
        bool repair = false;
        Queue<string> rest = new(arguments);
        while (rest.TryDequeue(out string? argument))
        {
            switch (argument)
            {
                case "--system":
                    systems.Add(Value(argument));
                    break;
                case "--fault":
                    faults.Add(Value(argument));
                    break;
                case "--work":
                    work = Path.GetFullPath(Value(argument));
                    break;
                case "--repair":
                    repair = true;
                    break;
                default:
                    throw new ArgumentException($"Unknown argument {argument}.");
            }
        }

        return new Options { Systems = systems.Count > 0 ? systems : ["debian-12"], Faults = faults.Count > 0 ? faults : ["*"], Work = work, Repair = repair };

        string Value(string name) => rest.TryDequeue(out string? value) ? value : throw new ArgumentException($"{name} needs a value.");
    }
}
