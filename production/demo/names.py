"""Invented people: names that were common, joined by a stable draw. Any likeness is chance."""

from __future__ import annotations

import numpy as np

GIVEN = (
    "Adela Alicia Amelia Ana Aurora Berta Blanca Carlos Carmela César Clara Claudio Dina Edith Elba Elías Emilio "
    "Ester Eugenia Fidel Flor Gabriela Germán Gladys Graciela Gregorio Guillermo Héctor Hernán Hilda Inés Irma Iván "
    "Jaime Javier Jorge Julia Laura Leonor Lidia Lorenzo Luisa Manuel Margarita Mario Marta Mercedes Miguel Mirta "
    "Moisés Nelly Nibaldo Norma Olga Orlando Óscar Pablo Patricio Raquel Raúl Rebeca Rolando Rosa Samuel Sergio Silvia "
    "Sofía Susana Teresa Tito Úrsula Víctor Violeta Waldo Ximena Yolanda Zulema"
).split()
FAMILY = (
    "Abarca Aguilera Alarcón Araya Arce Bustos Cáceres Campos Cárdenas Carvajal Castro Catalán Cisternas Contreras "
    "Cortés Donoso Escobar Espinoza Farías Figueroa Fuentes Gallardo Garrido Godoy Guerra Henríquez Huenchumilla "
    "Ibáñez Jara Jofré Leiva Lobos Lillo Maldonado Mardones Mella Miranda Molina Moraga Muñoz Neira Núñez Olivares "
    "Orellana Ortiz Oyarzún Pacheco Parra Peña Pizarro Poblete Quilodrán Ramírez Retamal Reyes Riquelme Saavedra "
    "Salinas Sandoval Sepúlveda Silva Toledo Torres Troncoso Ulloa Urrutia Valdés Vargas Venegas Vera Yáñez Zamora"
).split()


def people(count: int, seed: int) -> list[str]:
    """``count`` different full names, always the same for one ``seed``."""
    rng = np.random.default_rng(seed)
    picks = rng.choice(len(GIVEN) * len(FAMILY) * len(FAMILY), size=count, replace=False)
    out = []
    for pick in picks:
        first, rest = divmod(int(pick), len(FAMILY) ** 2)
        father, mother = divmod(rest, len(FAMILY))
        out.append(f"{GIVEN[first]} {FAMILY[father]} {FAMILY[mother]}")
    return out
