using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.Admission;
using Fairlead.Dev.Cluster.Api;
using Fairlead.Dev.Cluster.Resources;
using Fairlead.Dev.Cluster.Schemas;
using Fairlead.Dev.Cluster.Storage;

namespace Fairlead.Dev.Cluster.Objects;

internal sealed partial class ObjectWriter
{
    // As the API server: a generated name that is taken is drawn anew this often.
    private const int GenerateNameAttempts = 8;

    public StoredObject Create(ResourceDefinition definition, string? ns, JsonObject obj, WriteContext context)
    {
        lock (_writes)
            return CreateLocked(definition, ns, obj, context);
    }

    private StoredObject CreateLocked(ResourceDefinition definition, string? ns, JsonObject obj, WriteContext context)
    {
        var metadata = ObjectShape.Normalize(definition, ns, obj);
        if (!string.IsNullOrEmpty((string?)metadata["resourceVersion"]))
            throw new ApiStatusException(500, "", "resourceVersion should not be set on objects to be created");
        AdmitNamespace(definition, ns, (string?)metadata["name"] ?? "");
        ChooseName(definition, ns, metadata);
        metadata.Remove("deletionTimestamp");
        metadata.Remove("deletionGracePeriodSeconds");
        metadata.Remove("generation");
        metadata["uid"] = NewUid();
        metadata["creationTimestamp"] = Timestamps.Format(time.GetUtcNow());
        if (definition.TracksGeneration)
            metadata["generation"] = 1L;
        if (definition is { HasStatus: true, KeepsStatusOnCreate: false })
            obj.Remove(StatusMember);
        ObjectSchema.Prepare(definition, obj, context);
        var name = (string)metadata["name"]!;
        definition.Strategy.PrepareForCreate(obj);
        var kept = false;
        try
        {
            obj = ObjectFields.Track(definition, obj, null, null, context, time.GetUtcNow());
            ThrowIfInvalid(definition, name, Errors(definition, obj, null));
            Admit(new AdmissionRequest
            {
                Definition = definition,
                Operation = "CREATE",
                Object = obj,
                User = context.User,
                Namespace = ns ?? "",
                Name = name,
                DryRun = context.DryRun,
            }, context.Warnings);
            var key = new ObjectKey(ns ?? "", name);
            if (store.Find(definition, key) is not null)
                throw ApiErrors.AlreadyExists(definition, name);
            var stored = Commit(definition, obj, context.DryRun, 0);
            kept = !context.DryRun;
            return stored;
        }
        finally
        {
            if (!kept)
                definition.Strategy.Release(obj);
        }
    }

    private static IEnumerable<FieldError> Errors(ResourceDefinition definition, JsonObject obj, JsonObject? old)
    {
        var metadata = Metadata(obj);
        var errors = MetadataValidation.Validate(definition, metadata);
        if (old is not null)
            errors = errors.Concat(MetadataValidation.ValidateUpdate(metadata, Metadata(old)));
        return errors.Concat(SchemaValidator.Validate(obj, old, definition.Schema)).Concat(definition.Strategy.Validate(obj, old));
    }

    private void ChooseName(ResourceDefinition definition, string? ns, JsonObject metadata)
    {
        if (!string.IsNullOrEmpty((string?)metadata["name"]))
            return;
        var prefix = (string?)metadata["generateName"];
        if (string.IsNullOrEmpty(prefix))
            throw ApiErrors.Invalid(definition, "", new FieldError(FieldErrorType.Required, "metadata.name", "name or generateName is required"));
        string name;
        var attempt = 0;
        do
            name = _names.Complete(prefix);
        while (store.Find(definition, new ObjectKey(ns ?? "", name)) is not null && ++attempt < GenerateNameAttempts);
        metadata["name"] = name;
    }

    private void AdmitNamespace(ResourceDefinition definition, string? ns, string name)
    {
        if (!definition.Namespaced || Namespaces is not { } namespaces)
            return;
        var found = store.Find(namespaces, new ObjectKey("", ns!)) ?? throw ApiErrors.NotFound(namespaces, ns!);
        if (Metadata(found.Thaw(namespaces))["deletionTimestamp"] is null)
            return;
        throw new ApiStatusException(403, "Forbidden",
            $"{definition.GroupResource} \"{name}\" is forbidden: unable to create new content in namespace {ns} because it is being terminated")
        {
            Group = definition.Group,
            Kind = definition.Plural,
            Name = name,
            OtherCauses = [new StatusCause("NamespaceTerminating", $"namespace {ns} is being terminated", "metadata.namespace")],
        };
    }

    private string NewUid()
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }
}
