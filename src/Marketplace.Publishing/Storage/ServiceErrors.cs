using System.Globalization;
using Azure;

namespace Marketplace.Publishing.Storage;

/// <summary>Turns what the service or the network answered into what a person can act on, without a URI query or a key in it.</summary>
internal static class ServiceErrors
{
    /// <summary>Whether an exception of the client library can be translated: a refusal, or a failure of the transport after its retries.</summary>
    /// <param name="exception">The exception.</param>
    public static bool IsServiceError(Exception exception) =>
        exception is RequestFailedException or HttpRequestException or IOException
        || (exception is AggregateException aggregate && aggregate.InnerExceptions.All(inner => IsServiceError(inner) || inner is OperationCanceledException))
        // The client library reports a time-out of one try as a cancellation that nobody asked for.
        || exception is TaskCanceledException { InnerException: TimeoutException or IOException };

    /// <summary>Translates.</summary>
    /// <param name="exception">An exception <see cref="IsServiceError"/> accepts.</param>
    /// <param name="host">The host that was called.</param>
    /// <param name="doing">What was tried, continuing "… failed while": for example <c>creating the container</c>.</param>
    public static PublishingException Translate(Exception exception, string host, string doing)
    {
        RequestFailedException? failure = exception as RequestFailedException
            ?? (exception as AggregateException)?.InnerExceptions.OfType<RequestFailedException>().LastOrDefault();
        return failure is null || failure.Status == 0
            ? Unreachable(exception, host, doing)
            : FromAnswer(failure, host, doing);
    }

    /// <summary>An expired SAS token.</summary>
    /// <param name="source">Where the token was found.</param>
    /// <param name="expires">When it expired; null when only the service knows.</param>
    public static PublishingException Expired(string source, DateTimeOffset? expires) =>
        new("MKT5003", string.Create(CultureInfo.InvariantCulture, $"The SAS token in {source} has expired{(expires is null ? "" : $" at {expires.Value.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}")}. Make a new one for the container with the permissions read, create, write and list, and publish again."));

    private static PublishingException Unreachable(Exception exception, string host, string doing)
    {
        Exception cause = exception is AggregateException aggregate ? aggregate.InnerExceptions[^1] : exception;
        // A time-out ends in a socket error that only says that something was cancelled.
        bool isTimeout = cause is OperationCanceledException or TimeoutException;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
            isTimeout |= cause is OperationCanceledException or TimeoutException;
        }

        string why = isTimeout ? "no answer in time" : Redaction.Clean(cause.Message).TrimEnd('.');
        return new PublishingException("MKT5001", $"The storage service at '{host}' could not be reached while {doing}: {why}. Check the name of the account (VmImageStorageAccount, VmImageStorageEndpoint), the network and the proxy settings, then publish again.");
    }

    private static PublishingException FromAnswer(RequestFailedException failure, string host, string doing)
    {
        string code = failure.ErrorCode ?? "";
        string answer = Describe(failure);
        if (failure.Status is 401 or 403)
        {
            // The message is looked at, never shown: it repeats parts of the request.
            if (Mentions(failure, "Signature not valid in the specified time frame") || Mentions(failure, "Signature fields not well formed"))
            {
                return Expired("use", null);
            }

            return code is "AuthenticationFailed" or "NoAuthenticationInformation" or "InvalidAuthenticationInfo" || Mentions(failure, "failed to authenticate")
                ? new PublishingException("MKT5002", $"The storage service at '{host}' refused the credential while {doing} ({answer}). The key or token is not the account's, was rotated, or the clock of this machine is more than 15 minutes off{ClockNote(failure)}. Set the current key in AZURE_STORAGE_KEY or AZURE_STORAGE_CONNECTION_STRING and publish again.")
                : new PublishingException("MKT5004", $"The storage service at '{host}' does not allow this while {doing} ({answer}). The credential is known but lacks the permission, or the account's firewall or settings refuse this machine or key access. Check the account's Networking and Configuration pages and the permissions of the token.");
        }

        if (code.Contains("NotSupported", StringComparison.OrdinalIgnoreCase) || code.Contains("NotYetSupported", StringComparison.OrdinalIgnoreCase) || code is "UnsupportedBlobType" or "BlobTypeNotSupported")
        {
            return new PublishingException("MKT5005", $"The account at '{host}' cannot hold page blobs ({answer} while {doing}). Accounts for premium block blobs, premium file shares and some with a hierarchical namespace cannot; use a general-purpose v2 account.");
        }

        if (failure.Status == 404 && code == "ContainerNotFound")
        {
            return new PublishingException("MKT5006", $"The container does not exist at '{host}', and a SAS token cannot create it. Create it (private access), or publish with an account key.");
        }

        return failure.Status is 408 or 429 or >= 500
            ? new PublishingException("MKT5007", $"The storage service at '{host}' kept failing while {doing} ({answer}), after retries. It may be busy or have an outage; publish again later.")
            : new PublishingException("MKT5008", $"The storage service at '{host}' gave an answer that was not expected while {doing} ({answer}). Publish again; if it stays, check VmImageStorageEndpoint and give the request identifier to Azure support.");
    }

    private static bool Mentions(RequestFailedException failure, string text) =>
        failure.Message.Contains(text, StringComparison.OrdinalIgnoreCase)
        || (failure.GetRawResponse()?.Content is { } content && content.ToString().Contains(text, StringComparison.OrdinalIgnoreCase));

    private static string Describe(RequestFailedException failure)
    {
        string? requestId = failure.GetRawResponse()?.Headers.RequestId;
        return string.Create(CultureInfo.InvariantCulture, $"HTTP {failure.Status}{(failure.ErrorCode is { Length: > 0 } code ? $" {code}" : "")}{(requestId is null ? "" : $", request {requestId}")}");
    }

    private static string ClockNote(RequestFailedException failure)
    {
        if (failure.GetRawResponse()?.Headers.Date is not { } serviceTime)
        {
            return "";
        }

        TimeSpan off = TimeProvider.System.GetUtcNow() - serviceTime;
        return off.Duration() < TimeSpan.FromMinutes(5) ? "" : string.Create(CultureInfo.InvariantCulture, $" (it is {off.TotalMinutes:0} minutes off the service's)");
    }
}
