using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Http;

/// <summary>The <c>Status</c> object of the API.</summary>
internal static class StatusDocument
{
    public static JsonObject Failure(ApiStatusException failure)
    {
        var status = Head("Failure");
        if (failure.Continue is { } token)
            status["metadata"]!["continue"] = token;
        status["message"] = failure.Message;
        if (failure.Reason.Length > 0)
            status["reason"] = failure.Reason;
        if (Details(failure) is { Count: > 0 } details)
            status["details"] = details;
        status["code"] = failure.Code;
        return status;
    }

    public static JsonObject Deleted(string group, string kind, string name, string uid)
    {
        var details = new JsonObject { ["name"] = name };
        if (group.Length > 0)
            details["group"] = group;
        details["kind"] = kind;
        details["uid"] = uid;
        var status = Head("Success");
        status["details"] = details;
        return status;
    }

    private static JsonObject Head(string outcome) => new()
    {
        ["kind"] = "Status",
        ["apiVersion"] = "v1",
        ["metadata"] = new JsonObject(),
        ["status"] = outcome,
    };

    private static JsonObject Details(ApiStatusException failure)
    {
        var details = new JsonObject();
        if (!string.IsNullOrEmpty(failure.Name))
            details["name"] = failure.Name;
        if (!string.IsNullOrEmpty(failure.Group))
            details["group"] = failure.Group;
        if (!string.IsNullOrEmpty(failure.Kind))
            details["kind"] = failure.Kind;
        if (!string.IsNullOrEmpty(failure.Uid))
            details["uid"] = failure.Uid;
        var causes = new JsonArray();
        foreach (var error in failure.Causes)
            causes.Add((JsonNode)Cause(error.Reason(), error.Message(), error.Field));
        foreach (var cause in failure.OtherCauses)
            causes.Add((JsonNode)Cause(cause.Reason, cause.Message, cause.Field));
        if (causes.Count > 0)
            details["causes"] = causes;
        if (failure.RetryAfterSeconds is { } seconds)
            details["retryAfterSeconds"] = seconds;
        return details;
    }

    private static JsonObject Cause(string reason, string message, string? field)
    {
        var cause = new JsonObject { ["reason"] = reason, ["message"] = message };
        if (field is not null)
            cause["field"] = field;
        return cause;
    }
}
