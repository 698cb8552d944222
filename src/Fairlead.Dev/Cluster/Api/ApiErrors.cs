using System.Globalization;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;

namespace Fairlead.Dev.Cluster.Api;

/// <summary>The failures that the Kubernetes API defines, with its wording.</summary>
public static class ApiErrors
{
    public static ApiStatusException BadRequest(string message) => new(400, "BadRequest", message);

    public static ApiStatusException Unauthorized() => new(401, "Unauthorized", "Unauthorized");

    public static ApiStatusException PathNotFound() => new(404, "NotFound", "the server could not find the requested resource");

    public static ApiStatusException MethodNotAllowed() =>
        new(405, "MethodNotAllowed", "the server does not allow this method on the requested resource");

    public static ApiStatusException NotAcceptable() =>
        new(406, "NotAcceptable", "only the following media types are accepted: application/json, application/yaml");

    public static ApiStatusException UnsupportedMediaType(string offered, string accepted) =>
        new(415, "UnsupportedMediaType", $"the body of the request was in an unknown format - {offered}: accepted media types include: {accepted}");

    public static ApiStatusException TooLarge(int limit) =>
        new(413, "RequestEntityTooLarge", $"Request entity too large: limit is {limit}");

    public static ApiStatusException NotFound(ResourceDefinition definition, string name) =>
        About(definition, name, 404, "NotFound", $"{definition.GroupResource} \"{name}\" not found");

    public static ApiStatusException AlreadyExists(ResourceDefinition definition, string name) =>
        About(definition, name, 409, "AlreadyExists", $"{definition.GroupResource} \"{name}\" already exists");

    public static ApiStatusException Conflict(ResourceDefinition definition, string name, string message) =>
        About(definition, name, 409, "Conflict", $"Operation cannot be fulfilled on {definition.GroupResource} \"{name}\": {message}");

    /// <param name="kind">Kind of the object, which a failed precondition of a deletion is reported with.</param>
    public static ApiStatusException Conflict(string kind, string name, string message) =>
        new(409, "Conflict", $"Operation cannot be fulfilled on {kind} \"{name}\": {message}") { Kind = kind, Name = name };

    public static ApiStatusException Modified(ResourceDefinition definition, string name) =>
        Conflict(definition, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiStatusException Forbidden(ResourceDefinition definition, string name, string message) =>
        About(definition, name, 403, "Forbidden", $"{definition.GroupResource} \"{name}\" is forbidden: {message}");

    public static ApiStatusException Expired(string message) => new(410, "Expired", message);

    public static ApiStatusException Invalid(ResourceDefinition definition, string name, params IEnumerable<FieldError> errors) =>
        InvalidObject.Exception(definition.Group, definition.Kind, name, errors);

    /// <summary>Violations in the parameters of a request.</summary>
    public static ApiStatusException InvalidOptions(string kind, FieldErrorType type, string field, string detail, string? value = null) =>
        InvalidObject.Exception("meta.k8s.io", kind, "", [new FieldError(type, field, detail, value)]);

    public static ApiStatusException VersionTooLarge(long wanted, long current) =>
        new(504, "Timeout", string.Create(CultureInfo.InvariantCulture, $"Timeout: Too large resource version: {wanted}, current: {current}"))
        {
            RetryAfterSeconds = 1,
            OtherCauses = [new StatusCause("ResourceVersionTooLarge", "Too large resource version")],
        };

    private static ApiStatusException About(ResourceDefinition definition, string name, int code, string reason, string message) =>
        new(code, reason, message) { Group = definition.Group, Kind = definition.Plural, Name = name };
}
