using System.Collections.Immutable;
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

    public static ApiStatusException Modified(ResourceDefinition definition, string name) =>
        Conflict(definition, name, "the object has been modified; please apply your changes to the latest version and try again");

    public static ApiStatusException Forbidden(ResourceDefinition definition, string name, string message) =>
        About(definition, name, 403, "Forbidden", $"{definition.GroupResource} \"{name}\" is forbidden: {message}");

    public static ApiStatusException Expired(string message) => new(410, "Expired", message);

    public static ApiStatusException Invalid(ResourceDefinition definition, string name, ImmutableArray<FieldError> errors)
    {
        var texts = errors.Select(Text).Distinct().ToArray();
        var joined = texts.Length == 1 ? texts[0] : $"[{string.Join(", ", texts)}]";
        var kind = definition.Group.Length == 0 ? definition.Kind : $"{definition.Kind}.{definition.Group}";
        return new ApiStatusException(422, "Invalid", $"{kind} \"{name}\" is invalid: {joined}")
        {
            Group = definition.Group,
            Kind = definition.Kind,
            Name = name,
            Causes = errors,
        };
    }

    public static ApiStatusException VersionTooLarge(long wanted, long current) =>
        new(504, "Timeout", string.Create(CultureInfo.InvariantCulture, $"Too large resource version: {wanted}, current: {current}"))
        {
            RetryAfterSeconds = 1,
            OtherCauses = [new StatusCause("ResourceVersionTooLarge", "Too large resource version")],
        };

    /// <summary>A violation in the API's words, without its field.</summary>
    public static string TextWithoutField(FieldError error)
    {
        var type = error.Type switch
        {
            FieldErrorType.Required => "Required value",
            FieldErrorType.Duplicate => "Duplicate value",
            FieldErrorType.NotSupported => "Unsupported value",
            FieldErrorType.Forbidden => "Forbidden",
            FieldErrorType.TooLong => "Too long",
            FieldErrorType.TooMany => "Too many",
            FieldErrorType.NotFound => "Not found",
            FieldErrorType.InternalError => "Internal error",
            _ => "Invalid value",
        };
        var withValue = error.Value is { } value
            && error.Type is not (FieldErrorType.Required or FieldErrorType.Forbidden or FieldErrorType.TooLong or FieldErrorType.InternalError)
            ? $"{type}: {value}"
            : type;
        return error.Detail.Length == 0 ? withValue : $"{withValue}: {error.Detail}";
    }

    private static string Text(FieldError error) => $"{error.Field}: {TextWithoutField(error)}";

    private static ApiStatusException About(ResourceDefinition definition, string name, int code, string reason, string message) =>
        new(code, reason, message) { Group = definition.Group, Kind = definition.Plural, Name = name };
}
