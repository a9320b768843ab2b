namespace Marketplace.Publishing;

/// <summary>A publishing step failed for a reason a person can act on. The message never holds a key, a SAS or a token.</summary>
public sealed class PublishingException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="code">The diagnostic code, <c>MKT4…</c> or <c>MKT5…</c>.</param>
    /// <param name="message">What was found, what is asked and what to do, in plain sentences.</param>
    /// <param name="file">The file it is about; null when it is about none.</param>
    public PublishingException(string code, string message, string? file = null)
        : base(message)
    {
        Code = code;
        File = file;
    }

    /// <summary>The diagnostic code.</summary>
    public string Code { get; }

    /// <summary>The file it is about; null when it is about none.</summary>
    public string? File { get; }
}
