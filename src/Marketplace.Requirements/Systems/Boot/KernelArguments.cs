namespace Marketplace.Requirements.Systems.Boot;

/// <summary>A kernel command line in its arguments, as the kernel splits it: blanks outside double quotes (Documentation/admin-guide/kernel-parameters).</summary>
internal static class KernelArguments
{
    /// <summary>The arguments without their quotes; what follows <c>--</c> is for init and left out.</summary>
    public static IReadOnlyList<string> Split(string commandLine)
    {
        List<string> arguments = [];
        System.Text.StringBuilder current = new();
        bool quoted = false;
        bool any = false;
        foreach (char c in commandLine)
        {
            if (c == '"')
            {
                quoted = !quoted;
                any = true;
            }
            else if (!quoted && char.IsWhiteSpace(c))
            {
                Close();
            }
            else
            {
                current.Append(c);
            }
        }

        Close();
        int end = arguments.IndexOf("--");
        return end < 0 ? arguments : arguments[..end];

        void Close()
        {
            if (current.Length > 0 || any)
            {
                arguments.Add(current.ToString());
            }

            current.Clear();
            any = false;
        }
    }

    /// <summary>The values of an argument <c>name=value</c>, in order.</summary>
    public static IEnumerable<string> ValuesOf(IEnumerable<string> arguments, string name) =>
        arguments.Where(argument => argument.Length > name.Length && argument[name.Length] == '=' && argument.StartsWith(name, StringComparison.Ordinal))
            .Select(argument => argument[(name.Length + 1)..]);

    /// <summary>Whether the kernel writes its console to the first serial port, with or without options: <c>console=ttyS0,115200n8</c>.</summary>
    public static bool HasConsole(IEnumerable<string> arguments, string device) =>
        ValuesOf(arguments, "console").Any(value => IsDevice(value, device));

    /// <summary>Whether early messages go to the first serial port: <c>earlyprintk=ttyS0,115200</c>, <c>earlyprintk=serial,ttyS0,115200</c>, or <c>earlyprintk=serial</c>, whose default is the first port (arch/x86/kernel/early_printk.c).</summary>
    public static bool HasEarlyPrintk(IEnumerable<string> arguments, string device) =>
        ValuesOf(arguments, "earlyprintk").Any(value =>
            IsDevice(value, device) || value == "serial" || (value.StartsWith("serial,", StringComparison.Ordinal) && IsDevice(value["serial,".Length..], device)));

    private static bool IsDevice(string value, string device) =>
        value == device || (value.StartsWith(device, StringComparison.Ordinal) && value[device.Length] == ',');
}
