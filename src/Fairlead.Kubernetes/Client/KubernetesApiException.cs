using System.Net;
using Fairlead.Kubernetes.Resources.Meta;

namespace Fairlead.Kubernetes.Client;

/// <summary>The API server answered with an error.</summary>
public sealed class KubernetesApiException : Exception
{
    public KubernetesApiException(HttpStatusCode statusCode, Status status, TimeSpan? retryAfter, string verb, string path)
        : base(Describe(statusCode, status, verb, path))
    {
        StatusCode = statusCode;
        Status = status;
        RetryAfter = retryAfter;
        Verb = verb;
        Path = path;
    }

    public HttpStatusCode StatusCode { get; }

    /// <summary>The server's own words; made up from the HTTP response where it sent none.</summary>
    public Status Status { get; }

    /// <summary>Machine-readable, for example <c>AlreadyExists</c>; empty if the server gave none.</summary>
    public string Reason => Status.Reason ?? "";

    public StatusDetails? Details => Status.Details;

    /// <summary>How long the server asks to wait.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>HTTP method of the request.</summary>
    public string Verb { get; }

    /// <summary>Path of the request, without its query.</summary>
    public string Path { get; }

    public bool IsNotFound => StatusCode == HttpStatusCode.NotFound;

    /// <summary>The object changed meanwhile, a precondition failed, or another field manager owns a field.</summary>
    public bool IsConflict => StatusCode == HttpStatusCode.Conflict && Reason != "AlreadyExists";

    public bool IsAlreadyExists => StatusCode == HttpStatusCode.Conflict && Reason == "AlreadyExists";

    /// <summary>The resourceVersion or continue token is too old: list again.</summary>
    public bool IsGone => StatusCode == HttpStatusCode.Gone;

    public bool IsInvalid => StatusCode == HttpStatusCode.UnprocessableEntity;

    public bool IsForbidden => StatusCode == HttpStatusCode.Forbidden;

    public bool IsUnauthorized => StatusCode == HttpStatusCode.Unauthorized;

    public bool IsTooManyRequests => StatusCode == HttpStatusCode.TooManyRequests;

    /// <summary>The namespace is being deleted, so nothing can be created in it.</summary>
    public bool IsNamespaceTerminating =>
        IsForbidden && Details?.Causes?.Any(cause => cause.Reason == "NamespaceTerminating") == true;

    private static string Describe(HttpStatusCode statusCode, Status status, string verb, string path)
    {
        var reason = string.IsNullOrEmpty(status.Reason) ? statusCode.ToString() : status.Reason;
        return $"{verb} {path}: {(int)statusCode} {reason}: {status.Message}";
    }
}
