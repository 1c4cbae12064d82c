import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { subgraphNames } from '@platform/runtime/modules';
import { readManifest } from '@platform/subgraph-server/modules';
import { type Document, parseDocument, visit } from 'yaml';
import { UnfitName } from './names.js';

/** @throws UnfitName unless there is a subgraph of that name */
export function assertSubgraph(name: string): void {
  if (subgraphNames.some((known) => known === name)) return;
  throw new UnfitName(`There is no subgraph named ${name}. These are: ${subgraphNames.join(', ')}.`);
}

/** The module.yaml of a subgraph, to be added to; comments and order stay. */
export class ModuleFile {
  private readonly path: string;
  private readonly document: Document;

  constructor(root: string, subgraph: string) {
    this.path = join(root, ModuleFile.pathOf(subgraph));
    this.document = parseDocument(readFileSync(this.path, 'utf8'));
  }

  static readonly pathOf = (subgraph: string): string => join('subgraphs', subgraph, 'module.yaml');

  /** Appends to the list at a path, which is made where it is missing. Lists within the value go on one line. */
  append(path: readonly string[], value: unknown): this {
    if (!this.document.hasIn(path)) this.document.setIn(path, this.document.createNode([]));
    const node = this.document.createNode(value);
    visit(node as never, {
      Seq: (_, list) => {
        list.flow = true;
      },
    });
    this.document.addIn(path, node);
    return this;
  }

  /** @throws InvalidModules, once it is written */
  save(): void {
    writeFileSync(this.path, this.document.toString({ lineWidth: 0, flowCollectionPadding: false }));
    readManifest(this.path);
  }
}
