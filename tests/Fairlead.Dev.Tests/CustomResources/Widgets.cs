using System.Text.Json.Nodes;
using Fairlead.Dev.Cluster.CustomResources;
using Fairlead.Dev.Cluster.Resources;

namespace Fairlead.Dev.Tests.CustomResources;

/// <summary>A custom type that uses every feature of a structural schema once.</summary>
internal static class Widgets
{
    public const string Json = """
        {
          "apiVersion": "apiextensions.k8s.io/v1",
          "kind": "CustomResourceDefinition",
          "metadata": {
            "name": "widgets.test.example.com"
          },
          "spec": {
            "group": "test.example.com",
            "scope": "Namespaced",
            "names": {
              "plural": "widgets",
              "kind": "Widget",
              "shortNames": [
                "wd"
              ],
              "categories": [
                "all"
              ]
            },
            "versions": [
              {
                "name": "v1",
                "served": true,
                "storage": true,
                "subresources": {
                  "status": {},
                  "scale": {
                    "specReplicasPath": ".spec.replicas",
                    "statusReplicasPath": ".status.replicas"
                  }
                },
                "additionalPrinterColumns": [
                  {
                    "name": "Replicas",
                    "type": "integer",
                    "jsonPath": ".spec.replicas"
                  }
                ],
                "selectableFields": [
                  {
                    "jsonPath": ".spec.color"
                  }
                ],
                "schema": {
                  "openAPIV3Schema": {
                    "type": "object",
                    "required": [
                      "spec"
                    ],
                    "properties": {
                      "spec": {
                        "type": "object",
                        "required": [
                          "name"
                        ],
                        "properties": {
                          "name": {
                            "type": "string",
                            "minLength": 3,
                            "maxLength": 5,
                            "pattern": "^[a-z]+$"
                          },
                          "color": {
                            "type": "string",
                            "enum": [
                              "red",
                              "green"
                            ]
                          },
                          "replicas": {
                            "type": "integer",
                            "format": "int32",
                            "minimum": 1,
                            "maximum": 10,
                            "multipleOf": 2
                          },
                          "big": {
                            "type": "integer",
                            "format": "int64"
                          },
                          "num": {
                            "type": "number",
                            "exclusiveMinimum": true,
                            "minimum": 0
                          },
                          "ios": {
                            "x-kubernetes-int-or-string": true
                          },
                          "defd": {
                            "type": "string",
                            "default": "dd"
                          },
                          "nul": {
                            "type": "string",
                            "nullable": true
                          },
                          "map": {
                            "type": "object",
                            "maxProperties": 2,
                            "minProperties": 1,
                            "additionalProperties": {
                              "type": "string"
                            }
                          },
                          "amap": {
                            "type": "object",
                            "x-kubernetes-map-type": "atomic",
                            "additionalProperties": {
                              "type": "string"
                            }
                          },
                          "alist": {
                            "type": "array",
                            "minItems": 2,
                            "maxItems": 3,
                            "items": {
                              "type": "string"
                            }
                          },
                          "slist": {
                            "type": "array",
                            "x-kubernetes-list-type": "set",
                            "items": {
                              "type": "string"
                            }
                          },
                          "mlist": {
                            "type": "array",
                            "x-kubernetes-list-type": "map",
                            "x-kubernetes-list-map-keys": [
                              "name",
                              "port"
                            ],
                            "items": {
                              "type": "object",
                              "required": [
                                "name"
                              ],
                              "properties": {
                                "name": {
                                  "type": "string"
                                },
                                "port": {
                                  "type": "integer",
                                  "default": 80
                                },
                                "value": {
                                  "type": "string"
                                },
                                "map": {
                                  "type": "object",
                                  "additionalProperties": {
                                    "type": "string"
                                  }
                                }
                              }
                            }
                          },
                          "fmts": {
                            "type": "object",
                            "properties": {
                              "dt": {
                                "type": "string",
                                "format": "date-time"
                              },
                              "ip4": {
                                "type": "string",
                                "format": "ipv4"
                              },
                              "ip6": {
                                "type": "string",
                                "format": "ipv6"
                              },
                              "cidr": {
                                "type": "string",
                                "format": "cidr"
                              },
                              "uri": {
                                "type": "string",
                                "format": "uri"
                              },
                              "email": {
                                "type": "string",
                                "format": "email"
                              },
                              "host": {
                                "type": "string",
                                "format": "hostname"
                              },
                              "uuid": {
                                "type": "string",
                                "format": "uuid"
                              },
                              "dur": {
                                "type": "string",
                                "format": "duration"
                              },
                              "byte": {
                                "type": "string",
                                "format": "byte"
                              },
                              "date": {
                                "type": "string",
                                "format": "date"
                              },
                              "mac": {
                                "type": "string",
                                "format": "mac"
                              }
                            }
                          },
                          "anyo": {
                            "type": "object",
                            "properties": {
                              "a": {
                                "type": "string"
                              },
                              "b": {
                                "type": "string"
                              }
                            },
                            "anyOf": [
                              {
                                "required": [
                                  "a"
                                ]
                              },
                              {
                                "required": [
                                  "b"
                                ]
                              }
                            ]
                          },
                          "oneo": {
                            "type": "object",
                            "properties": {
                              "a": {
                                "type": "string"
                              },
                              "b": {
                                "type": "string"
                              }
                            },
                            "oneOf": [
                              {
                                "required": [
                                  "a"
                                ]
                              },
                              {
                                "required": [
                                  "b"
                                ]
                              }
                            ]
                          },
                          "noto": {
                            "type": "string",
                            "not": {
                              "pattern": "^x"
                            }
                          },
                          "allo": {
                            "type": "string",
                            "allOf": [
                              {
                                "minLength": 3
                              },
                              {
                                "pattern": "^a"
                              }
                            ]
                          },
                          "free": {
                            "type": "object",
                            "x-kubernetes-preserve-unknown-fields": true,
                            "properties": {
                              "known": {
                                "type": "object",
                                "properties": {
                                  "x": {
                                    "type": "string"
                                  }
                                }
                              }
                            }
                          },
                          "emb": {
                            "type": "object",
                            "x-kubernetes-embedded-resource": true,
                            "x-kubernetes-preserve-unknown-fields": true
                          },
                          "cel": {
                            "type": "object",
                            "properties": {
                              "min": {
                                "type": "integer"
                              },
                              "max": {
                                "type": "integer"
                              },
                              "imm": {
                                "type": "string",
                                "x-kubernetes-validations": [
                                  {
                                    "rule": "self == oldSelf",
                                    "message": "is immutable"
                                  }
                                ]
                              },
                              "items": {
                                "type": "array",
                                "maxItems": 5,
                                "items": {
                                  "type": "string",
                                  "maxLength": 10
                                }
                              },
                              "opt": {
                                "type": "integer",
                                "x-kubernetes-validations": [
                                  {
                                    "rule": "oldSelf.hasValue() || self > 3",
                                    "optionalOldSelf": true
                                  }
                                ]
                              }
                            },
                            "x-kubernetes-validations": [
                              {
                                "rule": "!has(self.min) || !has(self.max) || self.min <= self.max"
                              },
                              {
                                "rule": "!has(self.max) || self.max < 100",
                                "messageExpression": "'max too big'",
                                "reason": "FieldValueForbidden",
                                "fieldPath": ".max"
                              },
                              {
                                "rule": "!has(self.items) || self.items.all(i, i.startsWith('a'))",
                                "message": "items start with a"
                              }
                            ]
                          }
                        }
                      },
                      "status": {
                        "type": "object",
                        "properties": {
                          "replicas": {
                            "type": "integer"
                          },
                          "phase": {
                            "type": "string"
                          },
                          "conditions": {
                            "type": "array",
                            "x-kubernetes-list-type": "map",
                            "x-kubernetes-list-map-keys": [
                              "type"
                            ],
                            "items": {
                              "type": "object",
                              "required": [
                                "type",
                                "status"
                              ],
                              "properties": {
                                "type": {
                                  "type": "string"
                                },
                                "status": {
                                  "type": "string"
                                }
                              }
                            }
                          }
                        }
                      }
                    }
                  }
                }
              }
            ]
          }
        }
        """;

    public static ResourceDefinition Definition { get; } = CustomResourceDefinitions.ToDefinitions(Crd()).Single();

    public static JsonObject Crd() => (JsonObject)JsonNode.Parse(Json)!;

    public static JsonObject WithSpec(string spec) => (JsonObject)JsonNode.Parse(
        $$"""{"apiVersion":"test.example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":{{spec}}}""")!;
}
